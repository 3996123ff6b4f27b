package io.trilane.hba;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// CDBs and data: see [CommandStream].
class CommandFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void fuzz(byte[] bytes) {
        CommandStream.run(bytes);
    }
}
