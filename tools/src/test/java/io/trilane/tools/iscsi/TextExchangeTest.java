package io.trilane.tools.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Text Requests after the login (RFC 7143 11.10, 11.11, 13.3 and appendix C).
class TextExchangeTest {
    private static final int FINAL = 0x80;
    private static final int CONTINUE = 0x40;
    private static final int NO_TAG = -1;
    private static final String OURS = "TargetName=" + LoginTalk.TARGET + "|TargetAddress=[::1]:3260,1";
    private static final String OTHER = "TargetName=eui.02004567a425678d|TargetAddress=[::1]:3260,1";

    private int taskTag = 0x1234_5678;

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {"All " + OURS + "|" + OTHER, LoginTalk.TARGET + " " + OURS,
            "EUI.02004567A425678D " + OTHER, "iqn.2026-01.net.example:none ''", "'' SendTargets=Reject",
            "Alle SendTargets=Reject", "A SendTargets=Reject"})
    void discoveryAnswersSendTargets(String value, String expected) {
        LoginStep step = send(exchange(true), FINAL, NO_TAG, "SendTargets=" + value);
        assertThat(text(step)).isEqualTo(expected);
        assertEnd(step);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {"'' " + OURS, LoginTalk.TARGET + " " + OURS, "eui.02004567a425678d ''",
            "iqn.2026-01.net.example:none ''", "All ''", "Alle SendTargets=Reject"})
    void aNormalSessionHearsOfItsOwnTargetOnly(String value, String expected) {
        LoginStep step = send(exchange(false), FINAL, NO_TAG, "SendTargets=" + value);
        assertThat(text(step)).isEqualTo(expected);
        assertEnd(step);
    }

    @Test
    void fillsTheFieldsOfTheResponseHeader() {
        LoginStep step = send(exchange(false), FINAL, NO_TAG, "SendTargets=");

        byte[] expected = new byte[48];
        expected[0] = 0x24;
        expected[1] = (byte) 0x80;
        expected[7] = (byte) (11 + 28 + 1 + 14 + 12 + 1);
        System.arraycopy(new byte[]{0x12, 0x34, 0x56, 0x78, -1, -1, -1, -1}, 0, expected, 16, 8);
        assertThat(step.header()).isEqualTo(expected);
        assertThat(step.data()).hasSize(67);
    }

    @ParameterizedTest
    @CsvSource({"SendTargetsPlease=All, SendTargetsPlease=NotUnderstood", "X-key=1, X-key=NotUnderstood",
            "HeaderDigest=None, HeaderDigest=Reject", "MaxBurstLength=512, MaxBurstLength=Reject",
            "IFMarker=No, IFMarker=Reject", "AuthMethod=None, AuthMethod=Reject",
            "InitiatorName=iqn.2026-01.net.example:x, InitiatorName=Reject", "SessionType=Normal, SessionType=Reject",
            "TargetAlias=mine, TargetAlias=Reject", "TargetAlias=NotUnderstood, ''", "InitiatorAlias=me, ''",
            "X#NodeArchitecture=x, X#NodeArchitecture=Reject",
            "MaxRecvDataSegmentLength=511, MaxRecvDataSegmentLength=Reject"})
    void answersKeys(String pair, String expected) {
        LoginStep step = send(exchange(false), FINAL, NO_TAG, pair);
        assertThat(text(step)).isEqualTo(expected);
        assertThat(step.finished()).isNull();
        assertEnd(step);
    }

    @Test
    void takesANewMaximumDataSegmentLength() {
        TextExchange exchange = exchange(false);
        LoginStep step = send(exchange, FINAL, NO_TAG, "MaxRecvDataSegmentLength=65536");

        assertThat(step.data()).isEmpty();
        assertThat(step.finished()).isEqualTo(session(false).withInitiatorMaxRecvDataSegmentLength(65536));
        assertThat(send(exchange, FINAL, NO_TAG, "X-a=1").finished()).isNull();
    }

    @Test
    void theNewMaximumHoldsOnlyWhenTheExchangeHasEnded() {
        TextExchange exchange = exchange(false);
        LoginStep open = send(exchange, 0, NO_TAG, "MaxRecvDataSegmentLength=65536");
        assertThat(open.finished()).isNull();
        assertThat(send(exchange, FINAL, tag(open)).finished()).isNotNull();
    }

    @Test
    void aRejectedKeyLeavesEverythingAsItWas() {
        LoginStep step = send(exchange(false), FINAL, NO_TAG, "MaxRecvDataSegmentLength=65536", "MaxBurstLength=512");
        assertThat(text(step)).isEqualTo("MaxBurstLength=Reject");
        assertThat(step.finished()).isNull();
    }

    @Test
    void joinsContinuedRequests() {
        TextExchange exchange = exchange(true);
        LoginStep first = sendBytes(exchange, CONTINUE, NO_TAG, "SendTar".getBytes(StandardCharsets.US_ASCII));
        LoginStep second = sendBytes(exchange, FINAL, tag(first), "gets=All\0".getBytes(StandardCharsets.US_ASCII));

        assertThat(flags(first)).isZero();
        assertThat(first.data()).isEmpty();
        assertThat(tag(first)).isNotEqualTo(NO_TAG);
        assertThat(text(second)).isEqualTo(OURS + "|" + OTHER);
        assertEnd(second);
    }

    @Test
    void handsALongAnswerOutInSegmentsThatTheInitiatorTakes() {
        List<TargetDirectory.Target> many = IntStream.range(0, 20)
                .mapToObj(index -> new TargetDirectory.Target("iqn.2026-01.net.example:" + index, "")).toList();
        TextExchange exchange = new TextExchange(new TargetDirectory(many),
                session(true).withInitiatorMaxRecvDataSegmentLength(512), "h:1");
        StringBuilder whole = new StringBuilder();
        LoginStep step = send(exchange, FINAL, NO_TAG, "SendTargets=All");
        int responses = 1;
        while (flags(step) == CONTINUE) {
            assertThat(step.data()).hasSize(512);
            whole.append(new String(step.data(), StandardCharsets.US_ASCII));
            step = send(exchange, FINAL, tag(step));
            responses++;
        }
        whole.append(new String(step.data(), StandardCharsets.US_ASCII));

        assertThat(responses).isEqualTo(3);
        assertEnd(step);
        assertThat(whole.toString().split("\0")).hasSize(40).endsWith("TargetName=iqn.2026-01.net.example:19",
                "TargetAddress=h:1,1");
    }

    @Test
    void anAnswerIsNeverLongerThan8KibPerPdu() {
        TextExchange exchange = exchange(false);
        send(exchange, FINAL, NO_TAG, "MaxRecvDataSegmentLength=65536");
        String[] unknown = IntStream.range(0, 600).mapToObj(index -> "X-" + index + "=1").toArray(String[]::new);
        LoginStep step = send(exchange, FINAL, NO_TAG, unknown);
        assertThat(step.data()).hasSize(8192);
        assertThat(flags(step)).isEqualTo(CONTINUE);
        assertEnd(send(exchange, FINAL, tag(step)));
    }

    @Test
    void aRequestWithoutATagBeginsAnew() {
        TextExchange exchange = exchange(true);
        LoginStep open = sendBytes(exchange, CONTINUE, NO_TAG, "SendTargets=Al".getBytes(StandardCharsets.US_ASCII));
        taskTag++;
        assertThat(text(send(exchange, FINAL, NO_TAG, "X-a=1"))).isEqualTo("X-a=NotUnderstood");
        assertRejected(send(exchange, FINAL, tag(open)), 0x09);
    }

    @Test
    void aKeyMayComeAgainInAnotherExchange() {
        TextExchange exchange = exchange(true);
        send(exchange, FINAL, NO_TAG, "SendTargets=All");
        assertThat(text(send(exchange, FINAL, NO_TAG, "SendTargets=All"))).isEqualTo(OURS + "|" + OTHER);
    }

    @Test
    void rejectsATagThatItNeverGave() {
        assertRejected(send(exchange(true), FINAL, 1, "SendTargets=All"), 0x09);
        assertRejected(send(exchange(true), FINAL, 0, "SendTargets=All"), 0x09);
    }

    @Test
    void rejectsAnotherTagThanThatOfTheOpenExchange() {
        TextExchange exchange = exchange(true);
        LoginStep open = send(exchange, 0, NO_TAG, "X-a=1");
        assertRejected(send(exchange, FINAL, tag(open) + 1), 0x09);
    }

    @Test
    void rejectsAnotherTaskTagInOneExchange() {
        TextExchange exchange = exchange(true);
        LoginStep open = send(exchange, 0, NO_TAG, "X-a=1");
        taskTag++;
        assertRejected(send(exchange, FINAL, tag(open)), 0x04);
    }

    @Test
    void rejectsTextWhileALongAnswerIsNotFetched() {
        TextExchange exchange = new TextExchange(LoginTalk.TARGETS,
                session(true).withInitiatorMaxRecvDataSegmentLength(100), "h:1");
        LoginStep open = send(exchange, FINAL, NO_TAG, "SendTargets=All");
        assertThat(flags(open)).isEqualTo(CONTINUE);
        assertRejected(send(exchange, FINAL, tag(open), "X-a=1"), 0x04);
        assertThat(text(send(exchange, FINAL, NO_TAG, "X-a=1"))).isEqualTo("X-a=NotUnderstood");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SendTargets", "=All", "X-a=1|X-a=1"})
    void rejectsTextAgainstTheFormat(String pairs) {
        assertRejected(send(exchange(true), FINAL, NO_TAG, pairs.split("\\|")), 0x04);
    }

    @Test
    void rejectsTheFinalBitWithTheContinueBit() {
        assertRejected(send(exchange(true), FINAL | CONTINUE, NO_TAG, "SendTargets=All"), 0x04);
    }

    @Test
    void rejectsMoreThan64KibOfText() {
        TextExchange exchange = exchange(true);
        LoginStep open = sendBytes(exchange, CONTINUE, NO_TAG, new byte[64 * 1024]);
        assertThat(flags(open)).isZero();
        assertRejected(sendBytes(exchange, CONTINUE, tag(open), new byte[1]), 0x0A);
    }

    @Test
    void answersNothingWithNothing() {
        LoginStep step = send(exchange(true), FINAL, NO_TAG);
        assertThat(step.data()).isEmpty();
        assertEnd(step);
    }

    private static TextExchange exchange(boolean isDiscovery) {
        return new TextExchange(LoginTalk.TARGETS, session(isDiscovery), "[::1]:3260");
    }

    private static SessionParameters session(boolean isDiscovery) {
        return new SessionParameters(LoginTalk.INITIATOR, isDiscovery ? "" : LoginTalk.TARGET, isDiscovery, 1, 1, 1,
                false, false, 8192, 8192, 262144, 65536, true, true, 1, 2, 20);
    }

    private LoginStep send(TextExchange exchange, int flags, int targetTag, String... pairs) {
        return sendBytes(exchange, flags, targetTag, LoginTalk.text(pairs));
    }

    private LoginStep sendBytes(TextExchange exchange, int flags, int targetTag, byte[] data) {
        ByteBuffer header = ByteBuffer.allocate(48);
        header.put(0, (byte) 0x04).put(1, (byte) flags).putInt(16, taskTag).putInt(20, targetTag);
        return exchange.onRequest(header, data);
    }

    private static int flags(LoginStep step) {
        return step.header()[1] & 0xFF;
    }

    private static int tag(LoginStep step) {
        return ByteBuffer.wrap(step.header()).getInt(20);
    }

    private static String text(LoginStep step) {
        return String.join("|", Stream.of(new String(step.data(), StandardCharsets.UTF_8).split("\0")).toList());
    }

    private void assertEnd(LoginStep step) {
        assertThat(step.header()).startsWith(0x24, 0x80);
        assertThat(tag(step)).isEqualTo(NO_TAG);
        assertThat(ByteBuffer.wrap(step.header()).getInt(16)).isEqualTo(taskTag);
        assertThat(step.failure()).isNull();
    }

    private static void assertRejected(LoginStep step, int reason) {
        assertThat(step.header()).startsWith(0x3F, 0x80, reason).hasSize(48);
        assertThat(ByteBuffer.wrap(step.header()).getInt(16)).isEqualTo(-1);
        assertThat(ByteBuffer.wrap(step.header()).getInt(4)).isEqualTo(48);
        assertThat(step.data()).hasSize(48).startsWith(0x04);
        assertThat(step.failure()).isNull();
    }
}
