package io.trilane.tools.hostile;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// Handshakes and requests: see [NbdStream].
class NbdFuzzTest {
    private static NbdStream stream;

    @BeforeAll
    static void begin() {
        stream = new NbdStream();
    }

    @AfterAll
    static void end() {
        stream.close();
    }

    @FuzzTest(maxDuration = "60s")
    void fuzz(byte[] bytes) {
        stream.run(bytes);
    }
}
