package io.trilane.engine.controller;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskToken;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Arguments and results of traced calls, in short. Reads a task only while its caller owns it.
final class Brief {
    /// How many tasks of a batch are spelt out.
    private static final int MOST_TASKS = 8;

    private Brief() {}

    /// `slot/generation`.
    static String token(long token) {
        return token == TaskToken.NONE ? "none" : TaskToken.slot(token) + "/" + TaskToken.generation(token);
    }

    static String tokens(long[] tokens, int count) {
        StringBuilder text = new StringBuilder("count=" + count);
        for (int i = 0; i < Math.min(count, MOST_TASKS); i++) {
            text.append(' ').append(token(tokens[i]));
        }
        return text + more(count);
    }

    /// `slot/generation target=0 opcode=28h`.
    static String task(Task task, long token) {
        return token(token) + " target=" + task.targetId() + " opcode=" + opcode(task);
    }

    /// `count=2 5/1:28h 6/1:2Ah`.
    static String tasks(TaskBatch batch) {
        StringBuilder text = new StringBuilder("count=" + batch.count());
        for (int i = 0; i < Math.min(batch.count(), MOST_TASKS); i++) {
            text.append(' ').append(token(batch.token(i))).append(':').append(opcode(batch.task(i)));
        }
        return text + more(batch.count());
    }

    /// `keys=7`, and which required ones are missing.
    static String constraints(Map<ConstraintKey, Long> keys) {
        List<ConstraintKey> missing = ControllerConstraints.missing(keys);
        return "keys=" + keys.size() + (missing.isEmpty() ? "" : " missing=" + missing);
    }

    /// Objects of the engine have no text worth reading: they are left out.
    static String result(@Nullable Object result) {
        return switch (result) {
            case null -> "null";
            case Boolean flag -> flag.toString();
            case Number number -> number.toString();
            case Enum<?> constant -> constant.name();
            case DmaSpecification specification -> "maxTransferBytes=" + specification.maxTransferBytes() + " "
                    + specification.segmentType();
            case MemorySegment memory -> "lengthBytes=" + memory.byteSize();
            default -> "";
        };
    }

    private static String more(int count) {
        return count > MOST_TASKS ? " +" + (count - MOST_TASKS) : "";
    }

    private static String opcode(Task task) {
        return "%02Xh".formatted(task.cdbByte(0));
    }
}
