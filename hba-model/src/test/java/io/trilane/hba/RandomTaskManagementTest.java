package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Writes, aborts and resets of several nexuses in random interleavings with an image that answers in any order. Each task
/// ends once; after a verdict no aborted task is pending in the image.
class RandomTaskManagementTest {
    private static final int STEPS = 400;
    private static final int BLOCKS = 6;

    /// A function whose verdict is to come, and the tokens that it names.
    private record Asked(Reply<ServiceResponse> reply, Set<Long> tokens) {}

    private final Set<Task> sent = new HashSet<>();
    private final List<Asked> asked = new ArrayList<>();
    /// Tokens that a function named whose verdict has come.
    private final Set<Long> settled = new HashSet<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyTaskEndsOnceAndNothingHappensAfterAVerdict(long group) {
        for (long seed = group * 1000; seed < group * 1000 + 60; seed++) {
            try (Rig rig = new Rig()) {
                run(rig, new Random(seed), "seed " + seed);
            }
        }
    }

    private void run(Rig rig, Random random, String name) {
        sent.clear();
        asked.clear();
        settled.clear();
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3, 4 -> send(rig, random);
                case 5, 6, 7 -> completeOne(rig, random);
                case 8 -> ask(rig, random);
                default -> rig.pump();
            }
            check(rig, name + " step " + step);
        }
        finish(rig);
        check(rig, name + " end");
        assertThat(sent).as(name).isEmpty();
        assertThat(asked).as(name).isEmpty();
        while (!rig.sense(0, 0, 0).equals("good")) {
            rig.pump();
        }
        assertThat(rig.stored(0)).as(name).isBetween(0, 100);
    }

    private void send(Rig rig, Random random) {
        if (sent.size() < 40) {
            Task task = rig.write(random.nextInt(Rig.NEXUSES), 1 + random.nextInt(100), random.nextInt(BLOCKS));
            sent.add(task);
            rig.post(task);
        }
    }

    private static void completeOne(Rig rig, Random random) {
        List<Long> tokens = rig.image.pendingTokens();
        if (!tokens.isEmpty()) {
            rig.image.complete(tokens.get(random.nextInt(tokens.size())));
        }
    }

    private void ask(Rig rig, Random random) {
        TaskManagementFunction[] functions = TaskManagementFunction.values();
        TaskManagementFunction function = functions[random.nextInt(functions.length)];
        int nexusId = random.nextInt(Rig.NEXUSES);
        long tag = random.nextInt(101);
        Set<Long> tokens = new HashSet<>();
        for (Task task : sent) {
            boolean isNamed = switch (function) {
                case ABORT_TASK -> tag != 0 && task.nexusId() == nexusId && task.tag() == tag;
                case ABORT_TASK_SET, I_T_NEXUS_RESET -> task.nexusId() == nexusId;
                case CLEAR_TASK_SET, LOGICAL_UNIT_RESET, TARGET_RESET -> true;
                case CLEAR_ACA -> false;
            };
            if (isNamed) {
                tokens.add(task.token());
            }
        }
        asked.add(new Asked(rig.request(function, nexusId, 0, 0, tag), tokens));
    }

    private void check(Rig rig, String name) {
        assertThat(rig.framework.staleCompletions).as(name).isZero();
        asked.removeIf(one -> {
            boolean isDone = one.reply.isDone();
            if (isDone) {
                settled.addAll(one.tokens);
            }
            return isDone;
        });
        assertThat(rig.image.pendingTokens()).as(name + " named by a function that is complete")
                .noneMatch(settled::contains);
        for (Task task : List.copyOf(rig.framework.completed)) {
            assertThat(sent.remove(task)).as(name + " slot " + task.slot() + " ended twice").isTrue();
            String _ = rig.end(task);
        }
    }

    private static void finish(Rig rig) {
        rig.pump();
        rig.finishImages();
    }

    /// The checker has to see a token that comes back twice.
    @Test
    void canaryASecondCompletionIsSeen() {
        try (Rig rig = new Rig()) {
            Task task = rig.write(0, 1, 1);
            rig.send(task);
            rig.image.complete(task.token());
            rig.pump();
            rig.framework.complete(task.token());
            assertThat(rig.framework.staleCompletions).isEqualTo(1);
            assertThat(rig.framework.completed).containsExactly(task);
        }
    }
}
