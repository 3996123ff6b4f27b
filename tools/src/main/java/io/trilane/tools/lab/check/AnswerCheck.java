package io.trilane.tools.lab.check;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.task.ServiceResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the controller answers and promises. What is not said is not judged.
final class AnswerCheck {
    private static final List<String> KEYS = List.of("process-task", "completions", "response-version",
            "after-completion", "data-access", "data-buffer-in", "command-deadline-ms", "waits-for-ready", "power");
    private static final long KERNEL_TIMEOUT_MS = 30_000;
    private static final long REGISTRY_TIMEOUT_MS = 60_000;

    private final Section root;

    AnswerCheck(Section root) {
        this.root = root;
    }

    void check() {
        root.section("answers", KEYS).ifPresent(answers -> {
            process(answers);
            data(answers);
            deadlines(answers);
            require(answers, "completions", "once", List.of("twice"), Misuse.DOUBLE_COMPLETION);
            require(answers, "after-completion", "forget", List.of("touch"), Misuse.SLOT_NOT_OWNED);
            require(answers, "power", "acknowledge-last", List.of("acknowledge-first", "none"),
                    Misuse.POWER_ACK_TIMEOUT);
        });
    }

    private static void process(Section answers) {
        List<String> responses = DescriptionCheck.names(ServiceResponse.values());
        String good = ServiceResponse.REQUEST_IN_PROCESS.name();
        require(answers, "process-task", good, responses.stream().filter(name -> !name.equals(good)).toList(),
                Misuse.SYNC_COMPLETION_UNSUPPORTED);
        answers.number("response-version").ifPresent(version -> {
            if (version != 1) {
                answers.found(Finding.of(answers.line("response-version"), Misuse.RESPONSE_VERSION_BAD,
                        "answers.response-version=" + version + " != 1"));
            }
        });
    }

    private static void data(Section answers) {
        require(answers, "data-access", "data-buffer", List.of("iova"), Misuse.IOVA_AS_HOST_ADDRESS);
        Optional<String> where = answers.choice("data-buffer-in", DriverKitMethod.names());
        if (where.isPresent() && DriverKitMethod.callback(where.get()).orElseThrow() != Callback.PROCESS) {
            answers.found(Finding.of(answers.line("data-buffer-in"), Misuse.DATA_BUFFER_OUTSIDE_SUBMIT,
                    "answers.data-buffer-in=" + where.get() + " != UserProcessParallelTask"));
        }
    }

    private static void deadlines(Section answers) {
        answers.number("command-deadline-ms").ifPresent(deadline -> {
            int line = answers.line("command-deadline-ms");
            String is = "answers.command-deadline-ms=" + deadline;
            if (deadline == 0) {
                answers.found(Finding.of(line, Misuse.PROBE_HELD, is + ", 0 is none"));
            } else if (deadline >= REGISTRY_TIMEOUT_MS) {
                answers.found(Finding.of(line, Misuse.PROBE_HELD, is + " >= " + REGISTRY_TIMEOUT_MS));
            } else if (deadline >= KERNEL_TIMEOUT_MS) {
                answers.found(Finding.of(line, Misuse.LATE_COMPLETION, is + " >= kernel's " + KERNEL_TIMEOUT_MS));
            }
        });
        answers.flag("waits-for-ready").ifPresent(waits -> {
            if (!waits) {
                answers.found(Finding.of(answers.line("waits-for-ready"), Misuse.NOT_READY_AT_PROBE,
                        "answers.waits-for-ready=false != true"));
            }
        });
    }

    private static void require(Section answers, String key, String good, List<String> bad, Misuse misuse) {
        List<String> choices = new ArrayList<>(bad);
        choices.addFirst(good);
        answers.choice(key, choices).filter(bad::contains).ifPresent(answer -> answers
                .found(Finding.of(answers.line(key), misuse, answers.path(key) + "=" + answer + " != " + good)));
    }
}
