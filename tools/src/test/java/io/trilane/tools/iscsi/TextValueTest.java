package io.trilane.tools.iscsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Names, numbers and binary values on the wire, and what an operator may configure.
class TextValueTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "007, 7", "2147483647, 2147483647", "0x7fffffff, 2147483647", "0X1F, 31",
            "00000000000000000001, 1", "2147483648, -1", "0x80000000, -1", "000000000000000000001, -1", "'', -1",
            "0x, -1", "1a, -1", "0xg, -1", "' 1', -1", "-1, -1", "1.0, -1"})
    void readsNumbers(String text, int expected) {
        assertThat(TextValue.number(text)).isEqualTo(expected);
    }

    @Test
    void readsBinaryValues() {
        assertThat(TextValue.binary("0x0aFF")).containsExactly(0x0A, 0xFF);
        assertThat(TextValue.binary("0xabc")).containsExactly(0x0A, 0xBC);
        assertThat(TextValue.binary("0bAAECAw==")).containsExactly(0, 1, 2, 3);
        assertThat(TextValue.binary("0x" + "00".repeat(1024))).hasSize(1024);
        assertThat(TextValue.ofBinary(new byte[]{0, -1})).isEqualTo("0x00ff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0x", "0b", "12", "0xzz", "0x\u0661\u0662", "0b=", "0bA", "0bAA EC", "1x12"})
    void refusesWhatIsNoBinaryValue(String text) {
        assertThat(TextValue.binary(text)).isNull();
    }

    @Test
    void refusesBinaryValuesOfMoreThan1024Bytes() {
        assertThat(TextValue.binary("0x" + "00".repeat(1025))).isNull();
        assertThat(TextValue.binary("0b" + "AAAA".repeat(342))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"iqn.2001-04.com.example, iqn.2001-04.com.example",
            "IQN.2001-04.com.Example:Storage.Disk1, iqn.2001-04.com.example:storage.disk1",
            "iqn.2007-10.com.github:sahlberg:libiscsi:iscsi-test, iqn.2007-10.com.github:sahlberg:libiscsi:iscsi-test",
            "iqn.2008-11.org.linux-kvm:my_vm, iqn.2008-11.org.linux-kvm:my_vm",
            "iqn.2026-01.net.example:B\u00dcCHER, iqn.2026-01.net.example:b\u00fccher",
            "eui.02004567A425678D, eui.02004567a425678d", "naa.52004567BA64678D, naa.52004567ba64678d",
            "naa.62004567BA64678D0123456789ABCDEF, naa.62004567ba64678d0123456789abcdef"})
    void normalisesNames(String text, String expected) {
        assertThat(IscsiName.normal(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "iqn", "iqn.", "iqn.2001-04", "iqn.2001-04.", "iqn.2001-13.com.example",
            "iqn.2001-00.com.example", "iqn.201-04.com.example", "iqn.2001-04.com.example:a b",
            "iqn.2001-04.com.example:a/b", "iqn.2001-04.com.example:a\nb", "iqn.2001-04.com.example:a,b",
            "eui.02004567A425678", "eui.02004567A425678DD", "eui.02004567A425678G", "naa.52004567BA64678D0",
            "naa.", "fqn.2001-04.com.example", "All"})
    void refusesWhatIsNoName(String text) {
        assertThat(IscsiName.normal(text)).isNull();
    }

    @Test
    void namesAreAtMost223Bytes() {
        String name = "iqn.2001-04.com.example:";
        assertThat(IscsiName.normal(name + "x".repeat(199))).hasSize(223);
        assertThat(IscsiName.normal(name + "x".repeat(200))).isNull();
        assertThat(IscsiName.normal(name + "\u00fc".repeat(100))).isNull();
    }

    @Test
    void portalsOfIpv6HaveBrackets() throws Exception {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        assertThat(Portal.of(new InetSocketAddress(InetAddress.getByAddress(loopback), 3260)))
                .isEqualTo("[0:0:0:0:0:0:0:1]:3260");
        assertThat(Portal.of(new InetSocketAddress(InetAddress.getByAddress(new byte[]{127, 0, 0, 1}), 3261)))
                .isEqualTo("127.0.0.1:3261");
        assertThat(Portal.of(InetSocketAddress.createUnresolved("disk.example", 3260)))
                .isEqualTo("disk.example:3260");
    }

    @Test
    void refusesASecretOfLessThan96Bits() {
        assertThatThrownBy(() -> new ChapAccount("user", "elevenbytes"))
                .hasMessageContaining("chapSecretBytes=11 < minimum=12");
        assertThat(new ChapAccount("user", "twelve bytes").toString()).doesNotContain("twelve");
        assertThatThrownBy(() -> new ChapAccount("", "twelve bytes")).hasMessageContaining("chapUserBytes=0");
    }

    @Test
    void refusesOneSecretForBothDirections() {
        ChapAccount one = new ChapAccount("a", "twelve bytes");
        ChapAccount other = new ChapAccount("b", "twelve bytes");
        assertThatThrownBy(() -> LoginPolicy.Chap.mutual(one, other)).hasMessageContaining("choose two");
        assertThatThrownBy(() -> new LoginPolicy.Chap(one, null, List.of())).hasMessageContaining("chapAlgorithms=0");
    }

    @Test
    void refusesLimitsBelowTheProtocolsDefaults() {
        assertThat(LoginPolicy.Limits.defaults().maxBurstLength()).isPositive();
        assertThatThrownBy(() -> new LoginPolicy.Limits(511, 262144, 65536, 1, false))
                .hasMessageContaining("maxRecvDataSegmentLength=511");
        assertThatThrownBy(() -> new LoginPolicy.Limits(8192, 262143, 65536, 1, false))
                .hasMessageContaining("maxBurstLength=262143");
        assertThatThrownBy(() -> new LoginPolicy.Limits(8192, 262144, 262145, 1, false))
                .hasMessageContaining("firstBurstLength=262145");
        assertThatThrownBy(() -> new LoginPolicy.Limits(8192, 262144, 65536, 0, false))
                .hasMessageContaining("maxOutstandingR2t=0");
    }

    @Test
    void refusesTargetsThatCannotBeNamed() {
        assertThatThrownBy(() -> TargetDirectory.of("disk", ""))
                .hasMessageContaining("targetName=disk is no iSCSI name");
        TargetDirectory.Target target = new TargetDirectory.Target("iqn.2026-01.net.example:a", "");
        TargetDirectory.Target same = new TargetDirectory.Target("iqn.2026-01.net.example:A", "");
        assertThatThrownBy(() -> new TargetDirectory(List.of(target, same))).hasMessageContaining("is there twice");
        assertThatThrownBy(() -> TargetDirectory.of("iqn.2026-01.net.example:a", "line\nbreak"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
