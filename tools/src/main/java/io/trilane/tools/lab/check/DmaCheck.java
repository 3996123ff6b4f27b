package io.trilane.tools.lab.check;

import io.trilane.engine.controller.ConstraintKey;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.DmaSegmentType;
import io.trilane.engine.controller.DmaSpecification;
import io.trilane.engine.controller.Evidence;
import io.trilane.engine.controller.Misuse;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// The constraints dictionary, the DMA specification, and whether they fit together. The rules are those of the engine's records.
final class DmaCheck {
    private static final List<String> DMA_KEYS =
            List.of("segment-type", "max-transfer", "alignment", "address-bits");
    private static final String START_FAILS = "the first task cannot be made and the start fails";
    private static final String BLOCK_LAYER = "the block layer splits by this number, and nothing in it is expected";

    private final Section root;
    private final Map<ConstraintKey, Long> constraints = new EnumMap<>(ConstraintKey.class);

    DmaCheck(Section root) {
        this.root = root;
    }

    void check() {
        List<String> known =
                Arrays.stream(ConstraintKey.values()).map(ConstraintKey::driverKitName).toList();
        Optional<Section> section = root.section("constraints", known);
        section.ifPresentOrElse(this::constraints, () -> root.found(
                Finding.of(root.line(), Misuse.CONSTRAINTS_INCOMPLETE, "constraints is missing")));
        OptionalLong maxTransfer = root.section("dma", DMA_KEYS).map(this::specification).orElseGet(() -> {
            root.found(Finding.of(root.line(), "dma is missing", START_FAILS, Evidence.DOCUMENTED,
                    "add " + String.join(", ", DMA_KEYS)));
            return OptionalLong.empty();
        });
        section.ifPresent(reported -> {
            segments(reported, ConstraintKey.MAXIMUM_SEGMENT_COUNT_READ,
                    ConstraintKey.MAXIMUM_SEGMENT_BYTE_COUNT_READ, maxTransfer);
            segments(reported, ConstraintKey.MAXIMUM_SEGMENT_COUNT_WRITE,
                    ConstraintKey.MAXIMUM_SEGMENT_BYTE_COUNT_WRITE, maxTransfer);
        });
    }

    private void constraints(Section section) {
        Map<ConstraintKey, Long> written = new EnumMap<>(ConstraintKey.class);
        for (ConstraintKey key : ConstraintKey.values()) {
            if (section.has(key.driverKitName())) {
                written.put(key, 0L);
                OptionalLong value = key == ConstraintKey.HIERARCHICAL_LOGICAL_UNIT_SUPPORT ? flagOrNumber(section, key)
                        : key == ConstraintKey.MINIMUM_HBA_DATA_ALIGNMENT_MASK ? section.bits(key.driverKitName())
                        : section.number(key.driverKitName());
                value.ifPresent(number -> constraint(section, key, number));
            }
        }
        for (ConstraintKey key : ControllerConstraints.missing(written)) {
            section.found(Finding.of(section.line(), Misuse.CONSTRAINTS_INCOMPLETE,
                    "constraints." + key.driverKitName() + " is missing"));
        }
    }

    private static OptionalLong flagOrNumber(Section section, ConstraintKey key) {
        return section.flag(key.driverKitName()).map(flag -> OptionalLong.of(flag ? 1 : 0))
                .orElse(OptionalLong.empty());
    }

    /// Asks the engine's record about this value alone, beside others that are good.
    private void constraint(Section section, ConstraintKey key, long value) {
        Map<ConstraintKey, Long> others = new EnumMap<>(ControllerConstraints.of(2, 4096).toMap());
        others.put(key, value);
        try {
            var _ = ControllerConstraints.of(others);
            constraints.put(key, value);
        } catch (ArithmeticException _) {
            section.found(Finding.of(section.line(key.driverKitName()), section.path(key.driverKitName()) + "=" + value
                    + " > " + Integer.MAX_VALUE, BLOCK_LAYER, Evidence.INFERRED, "report what the hardware can do"));
        } catch (IllegalArgumentException e) {
            section.found(Finding.of(section.line(key.driverKitName()), key.driverKitName() + ": " + e.getMessage(),
                    BLOCK_LAYER, Evidence.INFERRED, "report what the hardware can do"));
        }
    }

    private OptionalLong specification(Section dma) {
        for (String key : DMA_KEYS) {
            if (!dma.has(key)) {
                dma.found(Finding.of(dma.line(), dma.path(key) + " is missing", START_FAILS, Evidence.DOCUMENTED,
                        "add it"));
            }
        }
        OptionalLong maxTransfer = dma.number("max-transfer");
        maxTransfer.ifPresent(value -> judge(dma, "max-transfer",
                () -> new DmaSpecification(value, 4, 64, DmaSegmentType.HOST_64)));
        dma.number("alignment").ifPresent(value -> judge(dma, "alignment",
                () -> new DmaSpecification(4096, Math.toIntExact(value), 64, DmaSegmentType.HOST_64)));
        dma.number("address-bits").ifPresent(value -> judge(dma, "address-bits",
                () -> new DmaSpecification(4096, 4, Math.toIntExact(value), DmaSegmentType.HOST_64)));
        dma.word("segment-type").ifPresent(type -> segmentType(dma, type));
        return maxTransfer;
    }

    private static void judge(Section dma, String key, Supplier<DmaSpecification> record) {
        try {
            var _ = record.get();
        } catch (ArithmeticException | IllegalArgumentException e) {
            dma.found(Finding.of(dma.line(key), dma.path(key) + ": " + e.getMessage(), START_FAILS,
                    Evidence.INFERRED, "report what the hardware can do"));
        }
    }

    /// HOST_64, and Host64 as DriverKit has it.
    private static void segmentType(Section dma, String word) {
        String plain = word.toUpperCase(Locale.ROOT).replace("_", "");
        for (DmaSegmentType type : DmaSegmentType.values()) {
            if (type.name().replace("_", "").equals(plain)) {
                if (!type.isSupported()) {
                    dma.found(Finding.of(dma.line("segment-type"), Misuse.DMA_SEGMENT_TYPE_UNSUPPORTED,
                            "dma.segment-type=" + type + " on a little-endian host"));
                }
                return;
            }
        }
        dma.found(Finding.description(dma.line("segment-type"), "dma.segment-type=" + word + " is unknown",
                Nearest.remedy(word, DescriptionCheck.names(DmaSegmentType.values()))));
    }

    private void segments(Section section, ConstraintKey countKey, ConstraintKey bytesKey, OptionalLong maxTransfer) {
        Long count = constraints.get(countKey);
        Long bytes = constraints.get(bytesKey);
        if (count == null) {
            return;
        }
        int line = section.line(countKey.driverKitName());
        if (count < 2) {
            section.found(Finding.of(line, Misuse.SEGMENT_LIMITS_INCONSISTENT,
                    countKey.driverKitName() + "=" + count + " < 2"));
        }
        boolean isShort = bytes != null && maxTransfer.isPresent() && Math.multiplyHigh(count, bytes) == 0
                && count * bytes >= 0 && count * bytes < maxTransfer.getAsLong();
        if (isShort) {
            section.found(Finding.of(line, Misuse.SEGMENT_LIMITS_INCONSISTENT, countKey.driverKitName() + "=" + count
                    + " x " + bytesKey.driverKitName() + "=" + bytes + " < dma.max-transfer="
                    + maxTransfer.getAsLong()));
        }
    }
}
