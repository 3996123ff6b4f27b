package io.trilane.engine.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PersonalityTest {
    private static final Personality GOOD = Personality.virtual("org.example.hba", "ExampleController");

    @Test
    void findsNothingInAGoodOne() {
        assertThat(GOOD.findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"CFBundleIdentifierKernel, com.apple.kpi.iokit, CFBundleIdentifierKernel=com.apple.kpi.iokit is not",
            "IOClass, ExampleController, IOClass=ExampleController is not IOUserSCSIParallelInterfaceController",
            "IOUserClass, IOUserSCSIParallelInterfaceController, is the kernel's class",
            "IOUserServerName, org.example.other, IOUserServerName=org.example.other is not org.example.hba"})
    void namesTheKeyThatIsWrong(String key, String value, String finding) {
        Map<String, String> keys = new HashMap<>(GOOD.keys());
        keys.put(key, value);
        assertThat(new Personality(keys).findings()).singleElement().asString().contains(finding);
    }

    @ParameterizedTest
    @CsvSource({"IOProviderClass, 1", "IOUserClass, 1", "IOUserServerName, 1", "CFBundleIdentifier, 2"})
    void namesTheKeyThatIsMissing(String key, int findings) {
        Map<String, String> keys = new HashMap<>(GOOD.keys());
        keys.remove(key);
        assertThat(new Personality(keys).findings()).hasSize(findings).first().asString().startsWith(key);
    }
}
