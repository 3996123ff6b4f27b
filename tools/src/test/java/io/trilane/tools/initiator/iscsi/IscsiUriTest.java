package io.trilane.tools.initiator.iscsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// libiscsi's form of an address.
class IscsiUriTest {
    private static final String NAME = "iqn.2026-01.net.example:disk";

    @Test
    void everyPartIsRead() {
        IscsiUri uri = IscsiUri.parse("iscsi://alice%s3%cret@host.example:860/" + NAME
                + "/7?header_digest=CRC32C&data_digest=none");
        assertThat(uri).isEqualTo(
                new IscsiUri("alice", "s3%cret", "host.example", 860, NAME, 7, Boolean.TRUE, Boolean.FALSE));
        assertThat(uri.lunField()).isEqualTo(7L << 48);
        assertThat(uri).hasToString("iscsi://host.example:860/" + NAME + "/7");
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        assertThat(IscsiUri.parse("iscsi://host/" + NAME + "/0"))
                .isEqualTo(new IscsiUri(null, null, "host", 3260, NAME, 0, null, null));
    }

    @ParameterizedTest
    @CsvSource({"iscsi://[::1]:3261, ::1, 3261", "iscsi://[fe80::1], fe80::1, 3260", "iscsi://u%a@b@h, h, 3260"})
    void hostsAreFoundBetweenTheirSigns(String start, String host, int port) {
        IscsiUri uri = IscsiUri.parse(start + "/" + NAME + "/0");
        assertThat(uri.host()).isEqualTo(host);
        assertThat(uri.port()).isEqualTo(port);
    }

    @Test
    void lunsAbove255AreInFlatSpace() {
        assertThat(IscsiUri.parse("iscsi://h/" + NAME + "/256").lunField()).isEqualTo(0x4100L << 48);
    }

    @ParameterizedTest
    @CsvSource({"iscsi:/h/iqn.2026-01.a:b/0, does not begin with iscsi://", "iscsi://h/iqn.2026-01.a:b, parts=2",
            "iscsi://h/iqn.2026-01.a:b/0/, parts=4", "iscsi:///iqn.2026-01.a:b/0, host=",
            "iscsi://h:0/iqn.2026-01.a:b/0, port=0", "iscsi://h:x/iqn.2026-01.a:b/0, port=x",
            "iscsi://h:65536/iqn.2026-01.a:b/0, port=65536", "iscsi://h/disk/0, targetName=disk",
            "iscsi://h/iqn.2026-01.a:b/x, lun=x", "iscsi://h/iqn.2026-01.a:b/16384, lun=16384",
            "iscsi://[::1/iqn.2026-01.a:b/0, port=:1", "iscsi://h/iqn.2026-01.a:b/0?x=y, parameter=x",
            "iscsi://h/iqn.2026-01.a:b/0?data_digest=md5, data_digest=md5"})
    void whatIsNoAddressIsRefused(String text, String expected) {
        assertThatThrownBy(() -> IscsiUri.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void noErrorShowsTheSecret() {
        assertThatThrownBy(() -> IscsiUri.parse("iscsi://alice%topsecret@h:99999/" + NAME + "/0"))
                .hasMessageNotContaining("topsecret");
        assertThatThrownBy(() -> IscsiUri.parse("iscsi://alice%topsecret@h/" + NAME))
                .hasMessageNotContaining("topsecret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iscsi://u%pa?topsecret@127.0.0.1/NAME/0", "iscsi://u%topsecret/NAME/0",
            "iscsi://u%topsecret:3260/NAME/0", "iscsi://u%a/topsecret@h/0", "iscsi://h/u%topsecret@h/0",
            "iscsi://u%a:topsecret/NAME/0", "iscsi://h/NAME/u%topsecret", "iscsi://u%[topsecret]/NAME/0",
            "iscsi://[u%topsecret]/NAME/0", "iscsi://u%a@h/NAME/0?data_digest=topsecret", "iscsi:/u%topsecret@h/NAME/0",
            "iscsi://u%pa?topsecret/NAME/0"})
    void aMisplacedSecretIsRefusedAndNotShown(String text) {
        assertThatThrownBy(() -> IscsiUri.parse(text.replace("NAME", NAME)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageNotContaining("topsecret").hasNoCause();
    }

    @Test
    void aZoneOfAnAddressIsNoSecret() {
        assertThat(IscsiUri.parse("iscsi://[fe80::1%eth0]/" + NAME + "/0").host()).isEqualTo("fe80::1%eth0");
    }
}
