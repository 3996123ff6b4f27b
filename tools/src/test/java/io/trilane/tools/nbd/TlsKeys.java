package io.trilane.tools.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Keys of a server and certificates for them, as files in a directory, named for their algorithm.
record TlsKeys(Path directory) {
    private static final char[] PASSWORD = "changeit".toCharArray();

    TlsSettings settings(String algorithm, boolean isRequired) {
        return TlsSettings.load(directory.resolve(algorithm + ".crt"), directory.resolve(algorithm + ".key"),
                isRequired);
    }

    /// Certificate and key as PEM files, and the store in which both are.
    void make(String algorithm) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = directory.resolve(algorithm + ".p12");
        boolean _ = Files.deleteIfExists(store);
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "nbd", "-keyalg", algorithm, "-dname", "CN=localhost", "-ext",
                "san=dns:localhost", "-storetype", "PKCS12", "-storepass", new String(PASSWORD), "-keystore",
                store.toString()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        KeyStore keys = open(algorithm);
        write(algorithm + ".crt", "CERTIFICATE", keys.getCertificate("nbd").getEncoded());
        write(algorithm + ".key", "PRIVATE KEY", keys.getKey("nbd", PASSWORD).getEncoded());
    }

    private KeyStore open(String algorithm) throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(directory.resolve(algorithm + ".p12").toFile(), PASSWORD);
    }

    private void write(String name, String label, byte[] encoded) throws IOException {
        Path _ = Files.writeString(directory.resolve(name), "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END " + label + "-----\n");
    }

    /// For a client that takes this certificate and no other.
    SSLContext trusting(String algorithm, String protocol)
            throws IOException, GeneralSecurityException {
        Certificate certificate = open(algorithm).getCertificate("nbd");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        trusted.setCertificateEntry("nbd", certificate);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance(protocol);
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
