package io.trilane.tools.hostile;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// PDU streams: see [IscsiStream].
class IscsiFuzzTest {
    private static IscsiStream stream;

    @BeforeAll
    static void begin() {
        stream = new IscsiStream();
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
