package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random PERSISTENT RESERVE OUT commands of four nexuses against books of the test's own, which are kept the simplest
/// way: keys by nexus, a type, a holder.
class RandomReservationsTest {
    private static final int STEPS = 4000;
    private static final int NEXUSES = 4;
    private static final int[] TYPES = {1, 3, 5, 6, 7, 8, 2};
    private static final String CONFLICT = "RESERVATION_CONFLICT";

    private final Map<Integer, Integer> keys = new TreeMap<>();
    private int type;
    private int holder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void accessIsWhatTheBooksSay(long seed) {
        Random random = new Random(seed);
        try (Bench bench = Bench.standard().greeted(NEXUSES)) {
            for (int step = 0; step < STEPS; step++) {
                String name = "seed " + seed + " step " + step;
                int nexus = random.nextInt(NEXUSES);
                if (random.nextInt(20) == 0) {
                    bench.resetNexus(nexus);
                } else {
                    change(bench, random, nexus, name);
                }
                for (int id = 0; id < NEXUSES; id++) {
                    check(bench, id, name + " nexus " + id);
                }
            }
        }
    }

    private void change(Bench bench, Random random, int nexus, String name) {
        int action = random.nextInt(7);
        int newType = TYPES[random.nextInt(TYPES.length)];
        int key = random.nextInt(3) == 0 ? random.nextInt(4) : keys.getOrDefault(nexus, 0);
        int actionKey = random.nextInt(4);
        byte[] list = new byte[24];
        list[7] = (byte) key;
        list[15] = (byte) actionKey;
        while (!bench.ready(nexus).equals("good")) {
            assertThat(keys.size()).as(name).isLessThanOrEqualTo(NEXUSES);
        }
        String end = bench.out("5F %02X %02X 00 00 00 00 00 18 00".formatted(action, newType), list).error();
        assertThat(end).as("%s: %d does %d key %d %d type %d", name, nexus, action, key, actionKey, newType)
                .isEqualTo(expected(nexus, action, newType, key, actionKey));
    }

    private String expected(int nexus, int action, int newType, int key, int actionKey) {
        Integer mine = keys.get(nexus);
        if (action == 0 || action == 6) {
            if (action == 0 && key != (mine == null ? 0 : mine)) {
                return CONFLICT;
            }
            if (actionKey != 0) {
                keys.put(nexus, actionKey);
            } else if (mine != null) {
                remove(nexus);
            }
            return "good";
        }
        if (mine == null || mine != key) {
            return CONFLICT;
        }
        return switch (action) {
            case 1 -> reserve(nexus, newType);
            case 2 -> release(nexus, newType);
            case 3 -> {
                keys.clear();
                type = 0;
                yield "good";
            }
            default -> preempt(nexus, newType, actionKey);
        };
    }

    private String reserve(int nexus, int newType) {
        if (newType == 2) {
            return "5/24/00";
        }
        if (type == 0) {
            type = newType;
            holder = nexus;
            return "good";
        }
        return holds(nexus) && type == newType ? "good" : CONFLICT;
    }

    private String release(int nexus, int newType) {
        if (!holds(nexus)) {
            return "good";
        }
        if (type != newType) {
            return "5/26/04";
        }
        type = 0;
        return "good";
    }

    private String preempt(int nexus, int newType, int actionKey) {
        boolean takesOver = type != 0 && (type >= 7 ? actionKey == 0 : keys.get(holder) == actionKey);
        if (takesOver) {
            if (newType == 2) {
                return "5/24/00";
            }
            keys.entrySet()
                    .removeIf(each -> each.getKey() != nexus && (actionKey == 0 || each.getValue() == actionKey));
            type = newType;
            holder = nexus;
            return "good";
        }
        if (actionKey == 0) {
            return "5/26/00";
        }
        if (!keys.containsValue(actionKey)) {
            return CONFLICT;
        }
        keys.values().removeIf(each -> each == actionKey);
        type = keys.isEmpty() ? 0 : type;
        return "good";
    }

    private void remove(int nexus) {
        boolean ends = type >= 7 ? keys.size() == 1 : holds(nexus);
        keys.remove(nexus);
        type = ends ? 0 : type;
    }

    private boolean holds(int nexus) {
        return type >= 7 ? keys.containsKey(nexus) : type != 0 && holder == nexus;
    }

    private void check(Bench bench, int id, String name) {
        boolean everything = type == 0 || holds(id) || type >= 5 && keys.containsKey(id);
        boolean reads = everything || type == 1 || type == 5 || type == 7;
        // A unit attention comes after a conflict and before everything else.
        String write = bench.on(id).out("2A 00 00 00 00 00 00 00 01 00", new byte[512]).error();
        assertThat(write.equals(CONFLICT)).as(name).isEqualTo(!everything);
        String read = bench.on(id).in("28 00 00 00 00 00 00 00 01 00", 512).error();
        assertThat(read.equals(CONFLICT)).as(name).isEqualTo(!reads);
        bench.ready(id);
    }
}
