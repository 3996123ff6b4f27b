package io.trilane.tools.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.tools.frontend.ConnectionLimits;
import io.trilane.tools.nbd.ServedDisks.Disk;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
    private static final int TLS_REQUIRED = 0x80000005;
    private static final int INVALID = 0x80000003;
    private static final int SIZE = 4 << 20;

    @TempDir
    private static Path directory;

    private static TlsKeys keys;

    @BeforeAll
    static void makeKeys() throws IOException, InterruptedException, GeneralSecurityException {
        keys = new TlsKeys(directory);
        keys.make("RSA");
        keys.make("EC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void carriesReadsAndWritesOfAnyLength(String protocol) throws IOException, GeneralSecurityException {
        byte[] data = new byte[3_000_001];
        new Random(9).nextBytes(data);
        try (ServedDisks disks = serve(); RawPeer peer = RawPeer.greeted(listen(disks, "RSA", true), 3)) {
            peer.option(5);
            peer.expect(1);
            peer.startTls(keys.trusting("RSA", protocol));
            peer.go("disk", false, false);
            assertThat(peer.error(1, 1, 17, data.length, data)).isZero();
            peer.request(0, 0, 1, 17, data.length);
            assertThat(Arrays.equals(peer.reply(data.length).data(), data)).isTrue();
            peer.request(0, 2, 0, 0, 0);
            assertThat(peer.isCutOff()).isTrue();
            assertThat(disks.log()).isEmpty();
        }
    }

    @Test
    void takesAnEllipticKey() throws IOException, GeneralSecurityException {
        try (ServedDisks disks = serve(); RawPeer peer = RawPeer.greeted(listen(disks, "EC", false), 3)) {
            peer.option(8);
            peer.expect(1);
            peer.option(5);
            peer.expect(1);
            peer.startTls(keys.trusting("EC", "TLSv1.3"));
            peer.option(5);
            assertThat(peer.optionReply().type()).isEqualTo(INVALID);
            // What was settled in clear is forgotten.
            peer.option(9, RawPeer.queries("disk"));
            assertThat(peer.optionReply().type()).isEqualTo(INVALID);
            peer.go("disk", true, true);
        }
    }

    @Test
    void refusesEverythingInClearWhenTlsIsRequired() throws IOException {
        try (ServedDisks disks = serve()) {
            SocketAddress address = listen(disks, "RSA", true);
            try (RawPeer peer = RawPeer.greeted(address, 3)) {
                for (int option : new int[]{3, 6, 7, 8, 9, 10, 77}) {
                    peer.option(option);
                    assertThat(peer.optionReply().type()).isEqualTo(TLS_REQUIRED);
                }
                peer.option(1);
                assertThat(peer.isCutOff()).isTrue();
            }
        }
    }

    @Test
    void letsPeersDoWithoutWhenTlsIsOptional() throws IOException {
        try (ServedDisks disks = serve();
                RawPeer peer = RawPeer.transmitting(listen(disks, "RSA", false), "disk", false, false)) {
            assertThat(peer.error(0, 3, 0, 0)).isZero();
        }
    }

    @Test
    void dropsOnlyThePeerWhoseHandshakeFails() throws IOException {
        try (ServedDisks disks = serve()) {
            SocketAddress address = listen(disks, "RSA", false);
            try (RawPeer other = RawPeer.transmitting(address, "disk", false, false);
                    RawPeer peer = RawPeer.greeted(address, 3)) {
                peer.option(5);
                peer.expect(1);
                peer.send(new byte[100]);
                byte[] _ = peer.read(0);
                while (!peer.isCutOff()) {
                    continue;
                }
                assertThat(other.error(0, 3, 0, 0)).isZero();
                assertThat(disks.log()).hasSize(1);
            }
        }
    }

    @Test
    void dropsAPeerThatSendsBehindStarttls() throws IOException {
        try (ServedDisks disks = serve(); RawPeer peer = RawPeer.greeted(listen(disks, "RSA", false), 3)) {
            peer.sendHex("49484156454f5054 00000005 00000000" + "49484156454f5054 00000003 00000000");
            peer.expect(1);
            assertThat(peer.isCutOff()).isTrue();
            assertThat(disks.log()).singleElement().asString().contains("in clear behind STARTTLS");
        }
    }

    @Test
    void failsForAPeerThatDoesNotTrustTheCertificate() throws IOException {
        try (ServedDisks disks = serve(); RawPeer peer = RawPeer.greeted(listen(disks, "RSA", false), 3)) {
            peer.option(5);
            peer.expect(1);
            assertThatThrownBy(() -> peer.startTls(keys.trusting("EC", "TLSv1.3"))).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void saysHowToRepairAKeyThatItCannotUse() throws IOException {
        Path certificate = directory.resolve("RSA.crt");
        for (String[] each : new String[][]{{"-----BEGIN RSA PRIVATE KEY-----", "openssl pkcs8 -topk8 -nocrypt"},
                {"-----BEGIN EC PRIVATE KEY-----", "openssl pkcs8 -topk8 -nocrypt"},
                {"-----BEGIN ENCRYPTED PRIVATE KEY-----", "is encrypted, decrypt it with: openssl pkcs8"},
                {"-----BEGIN CERTIFICATE-----", "holds no private key"},
                {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "is no RSA key"}}) {
            Path key = Files.writeString(directory.resolve("bad.key"), each[0]);
            assertThatThrownBy(() -> TlsSettings.load(certificate, key, true))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(each[1]);
        }
        assertThatThrownBy(() -> TlsSettings.load(certificate, directory.resolve("none.key"), true))
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> TlsSettings.load(directory.resolve("RSA.key"), certificate, true))
                .hasMessageContaining("BEGIN CERTIFICATE");
    }

    @Test
    void refusesAKeyOfAnotherCertificate() throws IOException, InterruptedException, GeneralSecurityException {
        Path certificate = Files.copy(directory.resolve("RSA.crt"), directory.resolve("old.crt"));
        Path key = Files.copy(directory.resolve("RSA.key"), directory.resolve("old.key"));
        keys.make("RSA");
        assertThatThrownBy(() -> TlsSettings.load(directory.resolve("RSA.crt"), key, true))
                .hasMessageContaining("does not belong to the certificate");
        assertThat(TlsSettings.load(certificate, key, true)).isNotNull();
    }

    private static ServedDisks serve() throws IOException {
        return new ServedDisks(1, 16 << 20, List.of(Disk.of("disk", "memory:" + SIZE)));
    }

    private static SocketAddress listen(ServedDisks disks, String algorithm, boolean isRequired) throws IOException {
        return disks.listen(RawPeer.loopback(), keys.settings(algorithm, isRequired), ConnectionLimits.STANDARD);
    }
}
