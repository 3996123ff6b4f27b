package io.trilane.tools.iscsi;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Login requests and their text: see [LoginStream].
class LoginFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void fuzz(byte[] bytes) {
        LoginStream.run(bytes);
    }
}
