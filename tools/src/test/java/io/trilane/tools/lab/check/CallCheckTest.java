package io.trilane.tools.lab.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The static deadlock rule: refused when a call could never return, and only then.
class CallCheckTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "DRIVERKIT | Default | CREATE_FROM_DEFAULT",
            "DRIVERKIT | InterruptQueue | CREATE_FROM_COMPLETION_QUEUE",
            "DRIVERKIT | thread discovery | ",
            "DRIVERKIT | AuxiliaryQueue | ",
            "ENGINE | Default | CREATE_FROM_DEFAULT",
            "ENGINE | AuxiliaryQueue | CREATE_FROM_COMPLETION_QUEUE",
            "ENGINE | InterruptQueue | CREATE_FROM_COMPLETION_QUEUE",
            "ENGINE | thread discovery | "})
    void targetCreationDependsOnTheQueueAndTheContract(String contract, String from, String misuse) throws IOException {
        assertThat(names(contract, "", "{call: createTarget, from: " + from + "}"))
                .isEqualTo(misuse == null ? List.of() : List.of(misuse));
    }

    @Test
    void anAsynchronousCallIsNeverRefused() throws IOException {
        assertThat(names("DRIVERKIT", "", "{call: createTarget, from: Default, asynchronous: true}")).isEmpty();
    }

    @Test
    void destroyingFromTheSubmittingQueueWaitsForItself() throws IOException {
        assertThat(names("DRIVERKIT", "", "{call: destroyTarget, in: Stop}")).containsExactly("REENTRANT_WAIT");
        assertThat(names("ENGINE", "", "{call: destroyTarget, from: Default}")).isEmpty();
    }

    @Test
    void twoQueuesThatDispatchToEachOtherAreACircle() throws IOException {
        String there = "{call: dispatchSync, from: Default, to: InterruptQueue}";
        String back = "{call: dispatchSync, from: InterruptQueue, to: Default}";
        assertThat(names("DRIVERKIT", "", there)).isEmpty();
        assertThat(names("DRIVERKIT", "", there, back)).containsExactly("REENTRANT_WAIT", "REENTRANT_WAIT");
        assertThat(findings("DRIVERKIT", "", there, back).getFirst().chain())
                .containsExactly(
                        "Default waits in dispatchSync to=InterruptQueue (line 60) for InterruptQueue to run the block",
                        "InterruptQueue waits in dispatchSync to=Default (line 61) for Default to run the block");
    }

    @Test
    void threeQueuesMakeACircleAsWell() throws IOException {
        assertThat(names("ENGINE", "", "{call: dispatchSync, from: Default, to: InterruptQueue}",
                "{call: dispatchSync, from: InterruptQueue, to: AuxiliaryQueue}",
                "{call: dispatchSync, from: AuxiliaryQueue, to: Default}")).hasSize(3).containsOnly("REENTRANT_WAIT");
    }

    @Test
    void creationFromAuxiliaryFailsWhenACallbackWaitsForAuxiliary() throws IOException {
        assertThat(names("DRIVERKIT", "", "{call: createTarget, from: AuxiliaryQueue}",
                "{call: dispatchSync, in: UserProcessParallelTask, to: AuxiliaryQueue}"))
                .containsExactly("REENTRANT_WAIT", "REENTRANT_WAIT");
    }

    @Test
    void whatADescriptionProvokesCounts() throws IOException {
        String call = "{call: awaitHardware, in: UserTargetResetRequest, provokes: [%s]}";
        assertThat(names("DRIVERKIT", "", call.formatted("InterruptOccurred"))).isEmpty();
        assertThat(names("DRIVERKIT", "", call.formatted("UserProcessParallelTask"))).containsExactly("REENTRANT_WAIT");
    }

    @Test
    void aLockThatAProvokedCallbackTakesMustNotBeHeld() throws IOException {
        String locks = "table: [UserProcessParallelTask]";
        assertThat(names("DRIVERKIT", locks, "{call: createTarget, from: thread a, locks: [table]}"))
                .containsExactly("LOCK_HELD_ACROSS_CALL");
        assertThat(names("DRIVERKIT", locks, "{call: createTarget, from: thread a}")).isEmpty();
        assertThat(
                names("DRIVERKIT", locks, "{call: dispatchSync, from: thread a, to: InterruptQueue, locks: [table]}"))
                .isEmpty();
    }

    @Test
    void locksTakenInACircleAreFound() throws IOException {
        String ab = "{call: acquireLock, from: thread a, lock: two, locks: [one]}";
        assertThat(names("DRIVERKIT", "one: []\n  two: []", ab)).isEmpty();
        assertThat(names("DRIVERKIT", "one: []\n  two: []", ab,
                "{call: acquireLock, from: thread b, lock: one, locks: [two]}"))
                .containsExactly("LOCK_HELD_ACROSS_CALL", "LOCK_HELD_ACROSS_CALL");
        assertThat(names("DRIVERKIT", "one: []\n  two: []", ab,
                "{call: acquireLock, from: thread a, lock: one, locks: [two]}"))
                .as("one thread is in one wait at a time")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{call: createTarget} | calls[0].from is missing",
            "{from: Default} | calls[0].call is missing",
            "{call: createTraget, from: Default} | calls[0].call=createTraget is unknown",
            "{call: createTarget, from: Defualt} | calls[0].from=Defualt is neither a queue nor a thread",
            "{call: createTarget, in: UserStartController, from: AuxiliaryQueue} | calls[0].from=AuxiliaryQueue != Default",
            "{call: dispatchSync, from: Default} | calls[0].to is missing",
            "{call: createTarget, from: thread a, to: Default} | calls[0].to is of no use",
            "{call: createTarget, from: thread a, locks: [x]} | calls[0].locks=x is unknown",
            "{call: createTarget, from: thread a, provokes: [x]} | calls[0].provokes=x is unknown"})
    void saysWhatOfACallCannotBeUnderstood(String call, String detail) throws IOException {
        assertThat(findings("DRIVERKIT", "", call)).extracting(Finding::detail)
                .anySatisfy(text -> assertThat(text).startsWith(detail));
    }

    @Test
    void refusesMoreCallsThanItSearches() {
        String[] calls = new String[CallCheck.MAX_CALLS + 1];
        Arrays.fill(calls, "{call: createTarget, from: thread a}");
        assertThatThrownBy(() -> findings("DRIVERKIT", "", calls)).isInstanceOf(UnreadableDescriptionException.class)
                .hasMessageContaining("calls=201").hasMessageContaining("> 200");
    }

    private static List<String> names(String contract, String locks, String... calls) throws IOException {
        return findings(contract, locks, calls).stream().map(Finding::name).toList();
    }

    /// Without sections that do not matter here, padded so that the first call is on line 60.
    private static List<Finding> findings(String contract, String locks, String... calls) throws IOException {
        StringBuilder text = new StringBuilder("contract: " + contract + "\n");
        if (!locks.isEmpty()) {
            text.append("locks:\n  ").append(locks).append('\n');
        }
        text.append("\n".repeat(58 - (int) text.chars().filter(c -> c == '\n').count())).append("calls:\n");
        for (String call : calls) {
            text.append("  - ").append(call).append('\n');
        }
        return DescriptionCheckTest.check(text.toString()).stream()
                .filter(finding -> !finding.isNote() && finding.line() >= 60).toList();
    }
}
