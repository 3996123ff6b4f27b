package io.trilane.tools.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsHostileTest {
    private static final int START_TLS = 5;
    private static final int ACKNOWLEDGED = 1;
    private static final String PASSWORD = "changeit";
    private static final byte[] CLIENT_HELLO_HEAD = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3};

    @TempDir
    private static Path directory;
    private static Siege siege;

    @BeforeAll
    static void begin() throws Exception {
        makeKey();
        siege = new Siege(directory);
    }

    @AfterAll
    static void end() throws IOException {
        siege.close();
    }

    @Test
    void closesPeersThatSendGarbageForTls() throws IOException {
        int peers = 60;
        for (int seed = 0; seed < peers; seed++) {
            Random random = new Random(seed);
            byte[] garbage = new byte[1 + random.nextInt(40_000)];
            random.nextBytes(garbage);
            if (seed % 3 == 0) {
                System.arraycopy(CLIENT_HELLO_HEAD, 0, garbage, 0, Math.min(garbage.length, CLIENT_HELLO_HEAD.length));
            }
            try (NbdWire wire = started()) {
                send(wire, seed % 7 == 0 ? "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII) : garbage);
                wire.socket.shutdownOutput();
                assertThat(wire.isCutOff()).as("seed %d", seed).isTrue();
            }
        }
        siege.lift(peers);
    }

    @Test
    void closesPeersThatSpeakInClearBehindStartTls() throws IOException {
        try (NbdWire wire = NbdWire.greeted(address())) {
            byte[] start = NbdWire.optionHead(START_TLS, 0);
            byte[] both = Arrays.copyOf(start, start.length + 16);
            System.arraycopy(NbdWire.optionHead(2, 0), 0, both, start.length, 16);
            wire.raw(both);
            assertThat(wire.isCutOff()).isTrue();
        }
        siege.lift(1);
    }

    @Test
    void closesPeersThatStopInsideTheirHandshake() throws IOException {
        try (NbdWire silent = started(); NbdWire half = started()) {
            half.raw(CLIENT_HELLO_HEAD);
            siege.leap(HostileServer.HANDSHAKE_NS);
            assertThat(silent.isCutOff()).isTrue();
            assertThat(half.isCutOff()).isTrue();
        }
        siege.lift(2);
    }

    @Test
    void closesPeersWhoseRecordsAreForgedAfterAGoodHandshake() throws Exception {
        int peers = 10;
        for (int i = 0; i < peers; i++) {
            try (NbdWire wire = started(); SSLSocket tls = secured(wire.socket)) {
                tls.startHandshake();
                byte[] record = new byte[5 + 200];
                new Random(i).nextBytes(record);
                record[0] = 23;
                record[1] = 3;
                record[2] = 3;
                record[3] = 0;
                record[4] = (byte) 200;
                send(wire, record);
                assertThat(wire.isCutOff()).isTrue();
            }
        }
        siege.lift(peers);
    }

    @Test
    void givesBackWhatPeersHeldThatLeftInsideTls() throws Exception {
        int peers = 40;
        for (int i = 0; i < peers; i++) {
            try (NbdWire wire = started(); SSLSocket tls = secured(wire.socket)) {
                if (i % 2 == 0) {
                    tls.startHandshake();
                    tls.getOutputStream().write(NbdWire.optionHead(7, 10));
                }
                if (i % 4 < 2) {
                    wire.socket.setSoLinger(true, 0);
                }
                // The socket below first: no good-bye.
                wire.socket.close();
            }
        }
        siege.lift(peers);
    }

    private static java.net.InetSocketAddress address() {
        return Objects.requireNonNull(siege.server.tlsNbd);
    }

    private static NbdWire started() throws IOException {
        NbdWire wire = NbdWire.greeted(address());
        wire.option(START_TLS, new byte[0]);
        assertThat(wire.optionReply()).isEqualTo(ACKNOWLEDGED);
        return wire;
    }

    private static void send(NbdWire wire, byte[] bytes) {
        try {
            wire.raw(bytes);
        } catch (IOException _) {
            // The server may have closed already; it shows in what is asserted.
        }
    }

    private static SSLSocket secured(Socket socket) throws GeneralSecurityException, IOException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("nbd", store().getCertificate("nbd"));
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    }

    private static KeyStore store() throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(directory.resolve("store.p12").toFile(), PASSWORD.toCharArray());
    }

    private static void makeKey() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "nbd", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost",
                "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore",
                directory.resolve("store.p12").toString()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        write("cert.pem", "CERTIFICATE", store().getCertificate("nbd").getEncoded());
        write("key.pem", "PRIVATE KEY", store().getKey("nbd", PASSWORD.toCharArray()).getEncoded());
    }

    private static void write(String name, String label, byte[] encoded) throws IOException {
        Path _ = Files.writeString(directory.resolve(name), "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END " + label + "-----\n");
    }
}
