package io.trilane.tools.nbd;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/// Reads certificates and keys from PEM files (RFC 7468).
final class PemFiles {
    private static final String BEGIN_KEY = "-----BEGIN PRIVATE KEY-----";
    private static final String END_KEY = "-----END PRIVATE KEY-----";

    private PemFiles() {}

    /// The certificates of a file in their order, at least one.
    static X509Certificate[] certificates(Path path) {
        String text = read(path, "certificate");
        try (ByteArrayInputStream stream = new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII))) {
            X509Certificate[] found = CertificateFactory.getInstance("X.509").generateCertificates(stream).stream()
                    .map(X509Certificate.class::cast).toArray(X509Certificate[]::new);
            if (found.length == 0) {
                throw new IllegalArgumentException("certificate=" + path
                        + " holds no certificate, name a PEM file with BEGIN CERTIFICATE");
            }
            return found;
        } catch (CertificateException | IOException e) {
            throw new IllegalArgumentException("certificate=" + path + " cannot be read: " + e.getMessage()
                    + ", name a PEM file with BEGIN CERTIFICATE", e);
        }
    }

    /// The private key of a file, which must be the one of `certified`.
    static PrivateKey privateKey(Path path, PublicKey certified) {
        String text = read(path, "key");
        int begin = text.indexOf(BEGIN_KEY);
        int end = text.indexOf(END_KEY);
        if (begin < 0 || end < begin) {
            throw unusable(path, text);
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN_KEY.length(), end));
            PrivateKey key = KeyFactory.getInstance(certified.getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
            if (!isPair(key, certified)) {
                throw new IllegalArgumentException("key=" + path
                        + " does not belong to the certificate, name the key that it was made with");
            }
            return key;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            if (e instanceof IllegalArgumentException refusal && String.valueOf(e.getMessage()).startsWith("key=")) {
                throw refusal;
            }
            throw new IllegalArgumentException("key=" + path + " is no " + certified.getAlgorithm()
                    + " key: " + e.getMessage() + ", name the key of the certificate", e);
        }
    }

    private static IllegalArgumentException unusable(Path path, String text) {
        if (text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || text.contains("Proc-Type: 4,ENCRYPTED")) {
            return new IllegalArgumentException("key=" + path + " is encrypted, decrypt it with: openssl pkcs8 -in "
                    + path + " -out plain.pem");
        }
        if (text.contains("-----BEGIN RSA PRIVATE KEY-----") || text.contains("-----BEGIN EC PRIVATE KEY-----")) {
            return new IllegalArgumentException("key=" + path + " is not PKCS#8, convert it with: openssl pkcs8 -topk8"
                    + " -nocrypt -in " + path + " -out pkcs8.pem");
        }
        return new IllegalArgumentException(
                "key=" + path + " holds no private key, name a PEM file with BEGIN PRIVATE KEY");
    }

    private static boolean isPair(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        String algorithm = switch (certified.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> certified.getAlgorithm();
        };
        byte[] probe = algorithm.getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(probe);
        return signature.verify(signed);
    }

    private static String read(Path path, String what) {
        try {
            return Files.readString(path, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new IllegalArgumentException(what + "=" + path + " cannot be read: " + e
                    + ", name a PEM file that this user may read", e);
        }
    }
}
