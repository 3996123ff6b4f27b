package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServePlanTest {
    @TempDir
    Path directory;

    @Test
    void readsEveryOptionOfAnImage() {
        assertThat(ImageSpec.parse("a.img,ro,thin,block-size=4k,removable,serial=S 1,product=Disk"))
                .isEqualTo(new ImageSpec("a.img", true, true, 4096, true, Optional.of("S 1"), Optional.of("Disk")));
        assertThat(ImageSpec.parse("memory:1g"))
                .isEqualTo(new ImageSpec("memory:1g", false, false, 0, false, Optional.empty(), Optional.empty()));
        assertThat(ImageSpec.parse("a,,b.img,serial=x,,y,ro").image()).isEqualTo("a,b.img");
        assertThat(ImageSpec.parse("a,,b.img,serial=x,,y,ro").serial()).contains("x,y");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a,foo         | option=foo is unknown, choose from ro, thin
            a,ro=1        | option=ro=1 takes no value, write ro
            a,serial      | option=serial needs a value, write serial=VALUE
            a,block-size=520 | block-size=520 is not supported, choose 512 or 4096
            ,ro           | has no name
            """)
    void refusesAnImageWithASentence(String text, String sentence) {
        assertThatThrownBy(() -> ImageSpec.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void readsAddresses() throws Exception {
        assertThat(ListenAddress.parse("nbd", "off", true)).isEqualTo(new ListenAddress.Off());
        assertThat(ListenAddress.parse("nbd", "unix:/a/b", true)).isEqualTo(new ListenAddress.Unix(Path.of("/a/b")));
        assertThat(ListenAddress.parse("nbd", "127.0.0.1:0", true))
                .isEqualTo(new ListenAddress.Tcp(InetAddress.getByName("127.0.0.1"), 0));
        ListenAddress six = ListenAddress.parse("iscsi", "[::1]:3260", false);
        assertThat(six).isEqualTo(new ListenAddress.Tcp(InetAddress.getByName("::1"), 3260));
        assertThat(((ListenAddress.Tcp) six).isLoopback()).isTrue();
        assertThat(((ListenAddress.Tcp) ListenAddress.parse("iscsi", "0.0.0.0:1", false)).isLoopback()).isFalse();
    }

    @Test
    void writesAddressesForUris() throws Exception {
        assertThat(authority("127.0.0.1", 7)).isEqualTo("127.0.0.1:7");
        assertThat(authority("0.0.0.0", 7)).isEqualTo("127.0.0.1:7");
        assertThat(authority("::", 7)).isEqualTo("127.0.0.1:7");
        assertThat(authority("::1", 7)).isEqualTo("[::1]:7");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            127.0.0.1     | is no address, write HOST:PORT
            :3260         | is no address
            ::1:3260      | an IPv6 address in brackets
            127.0.0.1:x   | port=x not in 0..65535
            127.0.0.1:99999 | port=99999 not in 0..65535
            no.such.host.invalid:1 | names an unknown host
            unix:/x       | write HOST:PORT or off
            """)
    void refusesAddressesWithASentence(String text, String sentence) {
        assertThatThrownBy(() -> ListenAddress.parse("iscsi", text, false))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("iscsi=" + text)
                .hasMessageContaining(sentence);
    }

    @Test
    void refusesASocketPathThatTheSystemHasNoRoomFor() {
        assertThatThrownBy(() -> ListenAddress.parse("nbd", "unix:/" + "x".repeat(200), true))
                .hasMessageContaining("pathBytes=201 not in 1..107");
    }

    @Test
    void derivesMemoryFromTasksAndTransfer() throws Exception {
        assertThat(ServePlan.of(options()).dataBytes()).isEqualTo(256L << 20);
        ServeOptions few = options();
        few.maxTasks = 8;
        few.maxTransfer = "128k";
        assertThat(ServePlan.of(few).dataBytes()).isEqualTo(1 << 20);
        assertThat(ServePlan.of(few).limits().maxTasks()).isEqualTo(8);
        few.dataMemory = "64k";
        assertThatThrownBy(() -> ServePlan.of(few)).hasMessageContaining("data-memory=64k < 2 x max-transfer=128k");
    }

    @Test
    void namesTheTargetTheSameOnEveryStart() throws Exception {
        String name = ServePlan.of(options()).targetName();
        assertThat(name).matches("iqn\\.2026-11\\.io\\.trilane:my-disk\\.img-[0-9a-f]{8}");
        assertThat(ServePlan.of(options()).targetName()).isEqualTo(name);
    }

    @Test
    void refusesWhatBelongsTogether() throws Exception {
        ServeOptions chap = options();
        chap.chapUser = "me";
        assertThatThrownBy(() -> ServePlan.of(chap)).hasMessageContaining("belong together, give both or neither");
        Path secret = Files.writeString(directory.resolve("secret"), "a long enough secret\n");
        chap.chapSecretFile = secret;
        assertThat(ServePlan.of(chap).security().chap())
                .contains(new ServePlan.Account("me", "a long enough secret"));
        chap.chapSecretFile = Files.writeString(directory.resolve("empty"), "\n");
        assertThatThrownBy(() -> ServePlan.of(chap)).hasMessageContaining("has no first line");
        chap.chapSecretFile = directory.resolve("none");
        assertThatThrownBy(() -> ServePlan.of(chap)).hasMessageContaining("cannot be read");
        ServeOptions mutual = options();
        mutual.mutualChapUser = "target";
        mutual.mutualChapSecretFile = secret;
        assertThatThrownBy(() -> ServePlan.of(mutual)).hasMessageContaining("needs chap-user");
        ServeOptions tls = options();
        tls.tlsRequired = true;
        assertThatThrownBy(() -> ServePlan.of(tls)).hasMessageContaining("tls-required needs a certificate");
        tls.tlsCert = secret;
        assertThatThrownBy(() -> ServePlan.of(tls)).hasMessageContaining("tls-key=null belong together");
    }

    @Test
    void tellsAFloodOfLinesInShort() {
        java.io.StringWriter text = new java.io.StringWriter();
        long[] nowNs = new long[1];
        ServerLog log = new ServerLog(new java.io.PrintWriter(text, true), () -> nowNs[0]);
        for (int i = 0; i < 100; i++) {
            log.line("peer " + i + "\n\u001b[2J");
        }
        nowNs[0] = ServerLog.PERIOD_NS;
        log.line("next");
        List<String> lines = new ArrayList<>(text.toString().lines().toList());
        assertThat(lines).hasSize(ServerLog.LINES_PER_PERIOD + 2);
        assertThat(lines.get(0)).isEqualTo("trilane: peer 0??[2J");
        assertThat(lines.get(ServerLog.LINES_PER_PERIOD)).isEqualTo("trilane: 80 lines more were not printed");
    }

    private ServeOptions options() {
        ServeOptions options = new ServeOptions();
        options.images = new ArrayList<>(List.of(directory.resolve("My Disk.img").toString()));
        return options;
    }

    private static String authority(String host, int port) throws Exception {
        return ListenAddress.authority(new InetSocketAddress(InetAddress.getByName(host), port));
    }
}
