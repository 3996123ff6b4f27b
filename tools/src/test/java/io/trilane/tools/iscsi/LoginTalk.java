package io.trilane.tools.iscsi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An initiator for tests: makes Login Requests byte by byte and reads the answers by the RFC's offsets, not by the code's constants.
final class LoginTalk {
    static final String INITIATOR = "iqn.1993-08.org.debian:01:abc";
    static final String TARGET = "iqn.2026-01.net.example:disk";
    static final String PORTAL = "127.0.0.1:3260";
    static final TargetDirectory TARGETS = new TargetDirectory(List.of(new TargetDirectory.Target(TARGET, "A disk"),
            new TargetDirectory.Target("eui.02004567a425678d", "")));
    static final LoginPolicy.Limits LIMITS = new LoginPolicy.Limits(131072, 524288, 131072, 4, false);
    static final String NAMES = "InitiatorName=" + INITIATOR + "\0TargetName=" + TARGET;

    // Byte 1: T, C, CSG, NSG.
    static final int SECURITY = 0x00;
    static final int SECURITY_TO_OPERATIONAL = 0x81;
    static final int SECURITY_TO_FULL_FEATURE = 0x83;
    static final int OPERATIONAL = 0x04;
    static final int OPERATIONAL_TO_FULL_FEATURE = 0x87;
    static final int CONTINUE = 0x40;

    final SessionRegistry sessions;
    final LoginExchange login;
    int opcode = 0x43;
    int minVersion;
    int ahsLength;
    long isid = 0x8000_1234_5678L;
    int tsih;
    int connectionId = 1;
    boolean reinstated;

    LoginTalk() {
        this(LoginPolicy.open(LIMITS), new SessionRegistry(), new Random(1));
    }

    LoginTalk(LoginPolicy policy, SessionRegistry sessions, RandomGenerator random) {
        this.sessions = sessions;
        this.login = new LoginExchange(TARGETS, policy, sessions, () -> reinstated = true, random, PORTAL);
    }

    static LoginTalk on(SessionRegistry sessions) {
        return new LoginTalk(LoginPolicy.open(LIMITS), sessions, new Random(1));
    }

    /// What came back.
    record Answer(LoginStep step) {
        int flags() {
            return step.header()[1] & 0xFF;
        }

        int status() {
            return header().getShort(36) & 0xFFFF;
        }

        int tsih() {
            return header().getShort(14) & 0xFFFF;
        }

        ByteBuffer header() {
            return ByteBuffer.wrap(step.header());
        }

        List<String> text() {
            String text = new String(step.data(), StandardCharsets.UTF_8);
            return Stream.of(text.split("\0")).filter(pair -> !pair.isEmpty()).toList();
        }

        @Nullable
        String value(String key) {
            return text().stream().filter(pair -> pair.startsWith(key + "="))
                    .map(pair -> pair.substring(key.length() + 1)).findFirst().orElse(null);
        }
    }

    Answer send(int flags, String... pairs) {
        return sendBytes(flags, text(pairs));
    }

    Answer sendBytes(int flags, byte[] data) {
        ByteBuffer header = ByteBuffer.allocate(48);
        header.put(0, (byte) opcode).put(1, (byte) flags).put(3, (byte) minVersion).put(4, (byte) ahsLength);
        header.putLong(8, isid << 16 | tsih).putInt(16, 0xCAFE_0001).putShort(20, (short) connectionId);
        return new Answer(login.onRequest(header, data));
    }

    /// A login in one request.
    Answer loginAtOnce(String... pairs) {
        return send(OPERATIONAL_TO_FULL_FEATURE,
                Stream.concat(Stream.of(NAMES), Stream.of(pairs)).toArray(String[]::new));
    }

    static byte[] text(String... pairs) {
        return Stream.of(pairs).map(pair -> pair + "\0").reduce("", String::concat).getBytes(StandardCharsets.UTF_8);
    }
}
