package io.trilane.tools.iscsi;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/// Makes login requests from any bytes and checks each answer: it is a login response of a legal length, nobody gets in
/// without the secret, and nothing is thrown.
///
/// Byte 0: bit 0 CHAP is asked for; bit 1 the text of each request begins with the names that a login needs. Then request
/// after request: 1 byte flags, 1 byte what of the header is random, 2 bytes length, text.
public final class LoginStream {
    private static final int MAX_REQUESTS = 80;
    private static final int LOGIN_RESPONSE = 0x23;
    private static final int FULL_FEATURE = 0x83;

    private LoginStream() {}

    /// @throws AssertionError an answer is wrong
    public static void run(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (!in.hasRemaining()) {
            return;
        }
        int kind = in.get();
        boolean hasChap = (kind & 1) != 0;
        LoginPolicy policy = hasChap
                ? LoginPolicy.withChap(LoginPolicy.Chap.oneWay(new ChapAccount("alice", "a secret long enough")),
                        LoginTalk.LIMITS)
                : LoginPolicy.open(LoginTalk.LIMITS);
        SessionRegistry sessions = new SessionRegistry();
        LoginTalk talk = new LoginTalk(policy, sessions, new Random(1));
        byte[] names = (kind & 2) != 0 ? (LoginTalk.NAMES + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8)
                : new byte[0];
        for (int i = 0; i < MAX_REQUESTS && in.remaining() >= 4; i++) {
            int flags = in.get();
            int random = in.get();
            byte[] text = new byte[Math.min(in.getShort() & 0x3FFF, in.remaining())];
            in.get(text);
            byte[] data = ByteBuffer.allocate(names.length + text.length).put(names).put(text).array();
            ByteBuffer header = header(flags, random);
            check(talk.login.onRequest(header, data), hasChap);
            names = new byte[0];
        }
        require(sessions.size() <= 1 && !(hasChap && sessions.size() == 1), "sessions=" + sessions.size());
    }

    private static ByteBuffer header(int flags, int random) {
        ByteBuffer header = ByteBuffer.allocate(48).put(0, (byte) 0x43).put(1, (byte) flags);
        header.putLong(8, 0x8000_1234_5678_0000L).putInt(16, 7).putShort(20, (short) 1);
        if ((random & 1) != 0) {
            header.put(random >> 1 & 31, (byte) random);
        }
        return header;
    }

    private static void check(LoginStep step, boolean hasChap) {
        byte[] header = step.header();
        int length = ByteBuffer.wrap(header).getInt(4) & 0xFF_FFFF;
        int status = ByteBuffer.wrap(header).getShort(36) & 0xFFFF;
        require(header.length == 48 && header[0] == LOGIN_RESPONSE, "opcode=" + header[0]);
        require(length == step.data().length && length <= 8192, "length=" + length + " data=" + step.data().length);
        require(List.of(0, 1, 2, 3).contains(status >>> 8), "status=" + status);
        require(status != 0 == (step.failure() != null), "status=" + status + " failure=" + step.failure());
        boolean isIn = status == 0 && (header[1] & FULL_FEATURE) == FULL_FEATURE;
        require(isIn == (step.finished() != null), "flags=" + header[1] + " finished=" + step.finished());
        require(!(hasChap && isIn), "in without the secret");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
