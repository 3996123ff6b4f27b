package io.trilane.engine;

import io.trilane.engine.ProbedController.Answer;
import io.trilane.engine.ProbedController.Command;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A target that is a ready disk of 65536 blocks of 512 bytes on every LUN, with LUN 0 reported alone, except for what a
/// test scripts.
final class ProbedTarget implements Function<Command, Answer> {
    static final int INQUIRY = 0x12;
    static final int TEST_UNIT_READY = 0x00;
    static final int REPORT_LUNS = 0xA0;
    static final int MODE_SENSE_6 = 0x1A;
    static final int READ_CAPACITY_10 = 0x25;
    static final int READ_CAPACITY_16 = 0x9E;

    private record Key(int operationCode, long lun) {}

    private final Map<Key, Deque<Answer>> next = new HashMap<>();
    private final Map<Key, Answer> always = new HashMap<>();

    /// The next answers to a command; then the rule goes on.
    ProbedTarget next(int operationCode, long lun, Answer... answers) {
        next.computeIfAbsent(new Key(operationCode, lun), _ -> new ArrayDeque<>()).addAll(List.of(answers));
        return this;
    }

    /// The same answer as often.
    ProbedTarget next(int times, int operationCode, long lun, Answer answer) {
        for (int i = 0; i < times; i++) {
            next(operationCode, lun, answer);
        }
        return this;
    }

    /// From now on.
    ProbedTarget always(int operationCode, long lun, Answer answer) {
        always.put(new Key(operationCode, lun), answer);
        return this;
    }

    @Override
    public Answer apply(Command command) {
        Key key = new Key(command.operationCode(), command.lun());
        Answer scripted = next.getOrDefault(key, new ArrayDeque<>()).poll();
        if (scripted == null) {
            scripted = always.get(key);
        }
        return scripted != null ? scripted : disk(command.operationCode());
    }

    /// Standard INQUIRY data of 36 bytes with qualifier and type as given.
    static byte[] inquiry(int qualifierAndType) {
        byte[] data = new byte[36];
        data[0] = (byte) qualifierAndType;
        data[2] = 7;
        data[3] = 2;
        data[4] = 31;
        put(data, 8, "TRILANE ");
        put(data, 16, "Scripted disk   ");
        put(data, 32, "1.0 ");
        return data;
    }

    /// The answer of REPORT LUNS with these.
    static Answer luns(long... luns) {
        ByteBuffer data = ByteBuffer.allocate(8 + 8 * luns.length);
        data.putInt(8 * luns.length).putInt(0);
        for (long lun : luns) {
            data.putLong(lun);
        }
        return Answer.good(data.array(), data.capacity());
    }

    static Answer inquiryAnswer(int qualifierAndType) {
        return Answer.good(inquiry(qualifierAndType), 36);
    }

    private static Answer disk(int operationCode) {
        return switch (operationCode) {
            case INQUIRY -> inquiryAnswer(0);
            case TEST_UNIT_READY -> Answer.good();
            case REPORT_LUNS -> luns(0);
            case MODE_SENSE_6 -> Answer.good(3, 0, 0, 0);
            case READ_CAPACITY_10 -> Answer.good(0, 0, 0xFF, 0xFF, 0, 0, 2, 0);
            default -> Answer.check(SenseBytes.ILLEGAL_REQUEST, 0x20, 0);
        };
    }

    private static void put(byte[] data, int offset, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, data, offset, ascii.length);
    }
}
