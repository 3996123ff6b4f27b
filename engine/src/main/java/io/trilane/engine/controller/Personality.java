package io.trilane.engine.controller;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a driver's property list says of it (`driverkit.md` section 7), checked before any callback.
///
/// @param keys name to value, as in the property list
public record Personality(Map<String, String> keys) {
    public static final String BUNDLE_IDENTIFIER = "CFBundleIdentifier";
    public static final String BUNDLE_IDENTIFIER_KERNEL = "CFBundleIdentifierKernel";
    public static final String CLASS = "IOClass";
    public static final String USER_CLASS = "IOUserClass";
    public static final String USER_SERVER_NAME = "IOUserServerName";
    public static final String PROVIDER_CLASS = "IOProviderClass";

    private static final String KERNEL_LIBRARY = "com.apple.iokit.IOSCSIParallelFamily";
    private static final String KERNEL_CLASS = "IOUserSCSIParallelInterfaceController";

    public Personality {
        keys = Map.copyOf(keys);
    }

    /// That of a virtual HBA.
    public static Personality virtual(String bundleIdentifier, String userClass) {
        return new Personality(Map.of(BUNDLE_IDENTIFIER, bundleIdentifier, BUNDLE_IDENTIFIER_KERNEL, KERNEL_LIBRARY,
                CLASS, KERNEL_CLASS, USER_CLASS, userClass, USER_SERVER_NAME, bundleIdentifier, PROVIDER_CLASS,
                "IOUserService"));
    }

    /// One sentence per wrong key; empty when all is well.
    public List<String> findings() {
        List<String> findings = new ArrayList<>();
        requirePresent(findings, BUNDLE_IDENTIFIER);
        requireEqual(findings, BUNDLE_IDENTIFIER_KERNEL, KERNEL_LIBRARY);
        requireEqual(findings, CLASS, KERNEL_CLASS);
        requirePresent(findings, USER_CLASS);
        requireEqual(findings, USER_SERVER_NAME, keys.getOrDefault(BUNDLE_IDENTIFIER, ""));
        requirePresent(findings, PROVIDER_CLASS);
        if (KERNEL_CLASS.equals(keys.get(USER_CLASS))) {
            findings.add(USER_CLASS + "=" + KERNEL_CLASS + " is the kernel's class, name the driver's own class");
        }
        return findings;
    }

    private void requirePresent(List<String> findings, String key) {
        if (keys.getOrDefault(key, "").isBlank()) {
            findings.add(key + " is missing, set it");
        }
    }

    private void requireEqual(List<String> findings, String key, String expected) {
        String value = keys.getOrDefault(key, "");
        if (!value.equals(expected)) {
            findings.add(key + "=" + value + " is not " + expected + ", set it so");
        }
    }
}
