package io.trilane.tools.iscsi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may log in, and up to what the target negotiates. A login without the CHAP that is asked for is refused, in discovery
/// sessions too.
///
/// @param chap   null: everybody may log in
/// @param limits what the target offers
public record LoginPolicy(@Nullable Chap chap, Limits limits) {

    /// Nobody has to authenticate.
    public static LoginPolicy open(Limits limits) {
        return new LoginPolicy(null, limits);
    }

    /// Initiators have to authenticate.
    public static LoginPolicy withChap(Chap chap, Limits limits) {
        return new LoginPolicy(chap, limits);
    }

    /// CHAP (RFC 7143 12.1.3).
    ///
    /// @param initiator  what initiators have to know
    /// @param target     how the target answers initiators that ask it back (mutual CHAP); null: it refuses them
    /// @param algorithms those allowed; an initiator's order of preference decides among them
    public record Chap(ChapAccount initiator, @Nullable ChapAccount target, List<ChapAlgorithm> algorithms) {
        public Chap {
            algorithms = List.copyOf(algorithms);
            if (algorithms.isEmpty()) {
                throw new IllegalArgumentException("chapAlgorithms=0 < 1, allow at least one CHAP algorithm");
            }
            if (target != null && target.secret().equals(initiator.secret())) {
                throw new IllegalArgumentException("the CHAP secrets of initiator and target are equal,"
                        + " choose two (RFC 7143 9.2.1)");
            }
        }

        /// One account for initiators, every algorithm.
        public static Chap oneWay(ChapAccount initiator) {
            return new Chap(initiator, null, List.of(ChapAlgorithm.values()));
        }

        /// The target authenticates itself too, to those who ask.
        public static Chap mutual(ChapAccount initiator, ChapAccount target) {
            return new Chap(initiator, target, List.of(ChapAlgorithm.values()));
        }
    }

    /// The target's side of the operational keys (RFC 7143 13). Bursts are not below the protocol's defaults, so that an
    /// initiator that says nothing is served.
    ///
    /// @param maxRecvDataSegmentLength longest data segment that the target takes, 512..16777215 bytes
    /// @param maxBurstLength           262144..16777215 bytes
    /// @param firstBurstLength         65536..maxBurstLength bytes
    /// @param maxOutstandingR2t        1..65535
    /// @param initialR2t               the target wants no unsolicited Data-Out
    public record Limits(int maxRecvDataSegmentLength, int maxBurstLength, int firstBurstLength, int maxOutstandingR2t,
            boolean initialR2t) {
        private static final int MAX_LENGTH = 0xFF_FFFF;

        public Limits {
            check("maxRecvDataSegmentLength", maxRecvDataSegmentLength, 512, MAX_LENGTH);
            check("maxBurstLength", maxBurstLength, 256 * 1024, MAX_LENGTH);
            check("firstBurstLength", firstBurstLength, 64 * 1024, maxBurstLength);
            check("maxOutstandingR2t", maxOutstandingR2t, 1, 0xFFFF);
        }

        public static Limits defaults() {
            return new Limits(256 * 1024, 1024 * 1024, 256 * 1024, 8, false);
        }

        private static void check(String name, int value, int low, int high) {
            if (value < low || value > high) {
                throw new IllegalArgumentException(
                        name + "=" + value + " outside " + low + ".." + high + ", choose a value inside");
            }
        }
    }
}
