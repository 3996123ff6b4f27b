package io.trilane.tools.nbd;

import io.trilane.tools.frontend.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/// TLS of a server: its certificate, and whether a peer may do without. Immutable; any event loop.
public final class TlsSettings {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final SSLContext context;
    private final boolean isRequired;

    private TlsSettings(SSLContext context, boolean isRequired) {
        this.context = context;
        this.isRequired = isRequired;
    }

    /// Reads PEM files.
    ///
    /// @param certificates the server's certificate, then those that signed it
    /// @param key          its private key, PKCS#8, not encrypted
    /// @param isRequired   peers without TLS are refused
    /// @throws IllegalArgumentException a file does not hold what it should; the text says what to do
    public static TlsSettings load(Path certificates, Path key, boolean isRequired) {
        X509Certificate[] chain = PemFiles.certificates(certificates);
        PrivateKey privateKey = PemFiles.privateKey(key, chain[0].getPublicKey());
        try {
            char[] password = new char[0];
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, password);
            store.setKeyEntry("nbd", privateKey, password, chain);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return new TlsSettings(context, isRequired);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("certificate=" + certificates + " key=" + key
                    + " cannot be used for TLS: " + e.getMessage() + ", make a new pair", e);
        }
    }

    boolean isRequired() {
        return isRequired;
    }

    /// The server's end of TLS on `plain`.
    Transport wrap(Transport plain) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS);
        return new TlsTransport(plain, engine);
    }
}
