package io.trilane.tools.initiator.iscsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.RwMode;
import io.trilane.perf.harness.Workload;
import io.trilane.tools.iscsi.ChapAccount;
import io.trilane.tools.iscsi.ChapAlgorithm;
import io.trilane.tools.iscsi.LoginPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Logins to our own target, and what is refused before any load.
class LoginTest {
    private static final String SECRET = "a secret of bytes";
    private static final IscsiOptions OPTIONS = IscsiOptions.defaults();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(ChapAlgorithm.class)
    void chapOfEveryAlgorithmLogsIn(ChapAlgorithm algorithm) throws IOException {
        try (TargetServer server = TargetServer.start(directory, chap(algorithm))) {
            assertReads(server.uri("alice%" + SECRET + "@", TargetServer.TARGET, TargetServer.LUN), OPTIONS);
        }
    }

    @Test
    void theSecretMayBeInAFileOrTheEnvironment() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), SECRET + "\n");
        try (TargetServer server = TargetServer.start(directory, chap(ChapAlgorithm.MD5))) {
            assertReads(server.uri("alice@", TargetServer.TARGET, TargetServer.LUN), OPTIONS.withSecretFile(file));
            assertReads(server.uri(), OPTIONS.withEnvironment(
                    Map.of("LIBISCSI_CHAP_USERNAME", "alice", "LIBISCSI_CHAP_PASSWORD", SECRET)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice%another secret@", "bob%a secret of bytes@"})
    void chapWithTheWrongNameOrSecretIsRefusedWithoutShowingIt(String account) throws IOException {
        try (TargetServer server = TargetServer.start(directory, chap(ChapAlgorithm.SHA256))) {
            String uri = server.uri(account, TargetServer.TARGET, TargetServer.LUN);
            assertThatThrownBy(() -> IscsiLoadDisk.open(uri, OPTIONS)).isInstanceOf(UncheckedIOException.class)
                    .hasMessage(server.uri() + ": login refused: status=0201h, authentication failure,"
                            + " check the CHAP user and its secret");
        }
    }

    @Test
    void aTargetThatWantsChapRefusesWhoHasNone() throws IOException {
        try (TargetServer server = TargetServer.start(directory, chap(ChapAlgorithm.MD5))) {
            assertThatThrownBy(() -> IscsiLoadDisk.open(server.uri(), OPTIONS))
                    .isInstanceOf(UncheckedIOException.class).hasMessageContaining("status=0201h");
        }
    }

    @Test
    void anAccountIsNoHindranceWhereNoneIsWanted() throws IOException {
        try (TargetServer server = TargetServer.start(directory)) {
            assertReads(server.uri("alice%secret@", TargetServer.TARGET, TargetServer.LUN), OPTIONS);
        }
    }

    @Test
    void aUserWithoutASecretIsRefusedBeforeAnythingIsSent() {
        assertThatThrownBy(() -> IscsiLoadDisk.open("iscsi://alice@127.0.0.1:1/iqn.2026-01.x:y/0", OPTIONS))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("chapUser=alice has no secret");
    }

    @Test
    void aTargetOrUnitThatIsNotThereIsSaid() throws IOException {
        try (TargetServer server = TargetServer.start(directory)) {
            assertThatThrownBy(() -> IscsiLoadDisk.open(server.uri("", TargetServer.TARGET + "x", 0), OPTIONS))
                    .isInstanceOf(UncheckedIOException.class).hasMessageContaining("there is no such target");
            assertThatThrownBy(() -> IscsiLoadDisk.open(server.uri("", TargetServer.TARGET, 300), OPTIONS))
                    .isInstanceOf(UncheckedIOException.class).hasMessageContaining("is no disk, choose another LUN");
        }
    }

    @Test
    void aPortWithoutAServerIsSaid() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String uri = "iscsi://127.0.0.1:" + port + "/iqn.2026-01.x:y/0";
        assertThatThrownBy(() -> IscsiLoadDisk.open(uri, OPTIONS)).isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith(uri + ": ").hasMessageContaining("refused");
    }

    @Test
    void writesNeedPermissionAndADiskThatTakesThem() throws IOException {
        Workload writes = Workload.of(RwMode.RANDWRITE, 4096, 1);
        try (TargetServer server = TargetServer.start(directory);
                IscsiLoadDisk disk = IscsiLoadDisk.open(server.uri(), OPTIONS)) {
            assertThat(disk.limits().isWritable()).isFalse();
            assertThatThrownBy(() -> disk.open(0, writes)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("rw=randwrite where writable=false, allow overwriting it");
        }
        try (TargetServer server = TargetServer.readOnly(directory);
                IscsiLoadDisk disk = IscsiLoadDisk.open(server.uri(), OPTIONS.withAllowOverwrite(true))) {
            assertThat(disk.limits().isWritable()).isFalse();
            assertThatThrownBy(() -> disk.open(0, writes)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("rw=randwrite where writable=false, the disk is write protected");
        }
    }

    @Test
    void whatTheDiskCannotTakeIsRefusedWithARemedy() throws IOException {
        try (TargetServer server = TargetServer.start(directory);
                IscsiLoadDisk disk = IscsiLoadDisk.open(server.uri(), OPTIONS)) {
            assertThat(disk.limits().maxRequestBytes()).isEqualTo(8 << 20);
            assertThatThrownBy(() -> disk.open(0, Workload.of(RwMode.READ, 16 << 20, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("bs=16777216 > maxTransfer=8388608 of the disk, lower --bs");
            assertThatThrownBy(() -> disk.open(0, Workload.of(RwMode.READ, 4096, TargetServer.WINDOW + 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("iodepth=17 > commandWindow=16");
            assertThatThrownBy(() -> disk.open(0, Workload.of(RwMode.READ, 1000, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("bs=1000 is not a multiple of blockBytes=512");
        }
    }

    @Test
    void severalJobsHaveSessionsOfTheirOwn() throws IOException {
        try (TargetServer server = TargetServer.start(directory);
                IscsiLoadDisk disk = IscsiLoadDisk.open(server.uri(), OPTIONS);
                LoadTarget first = disk.open(0, Workload.of(RwMode.READ, 4096, 1));
                LoadTarget second = disk.open(1, Workload.of(RwMode.READ, 4096, 1))) {
            assertThat(new Drive(first).run(RequestKind.READ, 0)).isTrue();
            assertThat(new Drive(second).run(RequestKind.READ, 0)).isTrue();
            assertThat(new Drive(first).run(RequestKind.READ, 4096)).isTrue();
        }
    }

    private static LoginPolicy chap(ChapAlgorithm algorithm) {
        return LoginPolicy.withChap(
                new LoginPolicy.Chap(new ChapAccount("alice", SECRET), null, List.of(algorithm)),
                LoginPolicy.Limits.defaults());
    }

    private static void assertReads(String uri, IscsiOptions options) {
        try (IscsiLoadDisk disk = IscsiLoadDisk.open(uri, options);
                LoadTarget target = disk.open(0, Workload.of(RwMode.READ, 4096, 1))) {
            assertThat(new Drive(target).run(RequestKind.READ, 0)).isTrue();
        }
    }
}
