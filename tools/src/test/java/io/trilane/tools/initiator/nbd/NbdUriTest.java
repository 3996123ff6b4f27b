package io.trilane.tools.initiator.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The forms of uri.md.
class NbdUriTest {
    @ParameterizedTest
    @CsvSource(value = {"nbd://example.com|example.com|10809|''", "nbd://example.com:99/|example.com|99|''",
            "NBD://h/a%20b|h|10809|a b", "nbd://h//a/b|h|10809|/a/b", "nbd://[::1]:7/x|::1|7|x",
            "nbd://me@h/x?tls-x=1|h|10809|x"}, delimiter = '|')
    void readsHostPortAndExport(String text, String host, int port, String export) {
        assertThat(NbdUri.parse(text))
                .isEqualTo(new NbdUri(InetSocketAddress.createUnresolved(host, port), export));
    }

    @Test
    void readsASocketsPath() {
        assertThat(NbdUri.parse("nbd+unix:///x/y?a=b&socket=/tmp/a+b%20c"))
                .isEqualTo(new NbdUri(UnixDomainSocketAddress.of("/tmp/a+b c"), "x/y"));
        assertThat(NbdUri.parse("nbd+unix://?socket=/tmp/s").export()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nbd:///x", "nbd+unix:///x", "nbd+unix:///x?socket=", "nbd+unix://host/x?socket=/s",
            "nbd://h/x?socket=/s", "nbd://h:0/x", "nbd://h:70000/x", "nbd+vsock:///x", "nbd://h/%zz", "nbd:h"})
    void refusesOtherForms(String text) {
        assertThatThrownBy(() -> NbdUri.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("target=" + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nbds://h/x", "nbds+unix:///x?socket=/s"})
    void refusesTls(String text) {
        assertThatThrownBy(() -> NbdUri.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TLS");
    }

    @Test
    void refusesANameThatNoServerTakes() {
        assertThatThrownBy(() -> NbdUri.parse("nbd://h/" + "x".repeat(4097)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("exportNameBytes=4097");
    }
}
