package io.trilane.tools.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.HbaController;
import io.trilane.hba.HbaModel;
import io.trilane.hba.LogicalUnitConfig;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatisticsTest {
    private static final ServedUnit UNIT = new ServedUnit(0, 0, "disk", 512, 2048, false, false, 1 << 20);

    private final long[] nowNs = {1_000};
    private final DiskImage image = new ImageRegistry().open("memory:1m", false, 512);
    private final Engine engine = Engine.launch(
            EngineConfig.defaults().withMaxTasks(8).withCountersDirectory(Optional.empty()),
            new HbaController(new HbaModel(HbaConfig.of(8, LogicalUnitConfig.ofSerial("1"), image))));
    private final StatisticsFile file = StatisticsFile.inMemory(List.of(UNIT), () -> nowNs[0]);

    @AfterEach
    void close() {
        engine.close();
        image.close();
    }

    @Test
    void countsCommandsBytesLatencyErrorsAndDepth() {
        NexusStatistics statistics = file.open(3, "nbd peer");
        try (Client client = engine.openClient("me", "disk")) {
            run(client, statistics, 0, 50_000);
            assertThat(unit().errors(6)).isEqualTo(1);
            run(client, statistics, 0, 50_000);
            run(client, statistics, 9, 1_000);
            statistics.refused(UNIT.lunBytes());
        }
        assertThat(unit().commands(IoKind.READ)).isEqualTo(2);
        assertThat(unit().bytes(IoKind.READ)).isEqualTo(512);
        assertThat(unit().errors()).isEqualTo(1);
        assertThat(unit().refusals()).isEqualTo(1);
        assertThat((double) unit().latencyNs(IoKind.READ, 99)).isBetween(47_000.0, 53_000.0);
        assertThat(file.read().nexuses()).hasSize(1);
        assertThat(file.read().nexuses().getFirst().nexusId()).isEqualTo(3);
        assertThat(file.read().nexuses().getFirst().name()).isEqualTo("nbd peer");
    }

    /// What a nexus did stays with its unit, once; its record serves the next.
    @Test
    void keepsWhatANexusDidWhenItGoes() {
        try (Client client = engine.openClient("me", "disk")) {
            for (int i = 1; i <= 5000; i++) {
                NexusStatistics statistics = file.open(i % 200, "peer " + i);
                run(client, statistics, 0, 1_000);
                assertThat(unit().commands()).isEqualTo(i);
                statistics.close();
                statistics.close();
                assertThat(unit().commands()).isEqualTo(i);
                assertThat(file.read().nexuses()).isEmpty();
            }
        }
        assertThat(unit().depth()).isZero();
    }

    @Test
    void goesOnWithoutCountingWhenAllRecordsAreTaken() {
        List<NexusStatistics> all = new ArrayList<>();
        for (int i = 0; i < 2100; i++) {
            all.add(file.open(i % 200, "peer"));
            all.get(i).refused(UNIT.lunBytes());
        }
        assertThat(unit().refusals()).isEqualTo(2048);
        all.forEach(NexusStatistics::close);
        assertThat(unit().refusals()).isEqualTo(2048);
        file.open(1, "peer").refused(UNIT.lunBytes());
        assertThat(unit().refusals()).isEqualTo(2049);
    }

    @Test
    void isReadByAnyProcessAndRemovedAtTheEnd(@TempDir Path directory) throws Exception {
        Path dead = Files.createFile(directory.resolve("999999999-0.statistics"));
        Path counters = directory.resolve("4-0.counters");
        try (StatisticsFile mapped = StatisticsFile.create(counters, List.of(UNIT), () -> 0)) {
            assertThat(dead).doesNotExist();
            mapped.open(7, "ü".repeat(500)).refused(UNIT.lunBytes());
            StatisticsSnapshot snapshot = StatisticsSnapshot.read(directory.resolve("4-0.statistics"));
            assertThat(snapshot.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(snapshot.units().getFirst().counts().refusals()).isEqualTo(1);
            assertThat(snapshot.nexuses().getFirst().name()).startsWith("üüü").hasSize(120);
        }
        assertThat(directory).isEmptyDirectory();
        Path other = Files.writeString(directory.resolve("5-0.statistics"), "something else");
        assertThatThrownBy(() -> StatisticsSnapshot.read(other)).isInstanceOf(IOException.class)
                .hasMessageContaining("is not a statistics file of version=1");
    }

    @Test
    void everyLatencyHasItsBucket() {
        int before = 0;
        for (long ns = 0; ns < 1L << 40; ns = ns * 33 / 32 + 1) {
            int index = LatencyBuckets.indexOf(ns);
            assertThat(index).isBetween(before, before + 1);
            assertThat(LatencyBuckets.startNs(index)).isLessThanOrEqualTo(ns);
            if (index < LatencyBuckets.COUNT - 1) {
                assertThat(LatencyBuckets.startNs(index + 1)).isGreaterThan(ns);
                assertThat(index == 0 || Math.abs(LatencyBuckets.middleNs(index) - ns) <= ns * 0.07).isTrue();
            }
            before = index;
        }
        assertThat(before).isEqualTo(LatencyBuckets.COUNT - 1);
        assertThat(LatencyBuckets.indexOf(-5)).isZero();
        assertThat(LatencyBuckets.indexOf(Long.MAX_VALUE)).isEqualTo(LatencyBuckets.COUNT - 1);
    }

    @Test
    void readsUnitNumbersInEitherForm() {
        assertThat(NexusStatistics.unitNumber(5L << 48)).isEqualTo(5);
        assertThat(NexusStatistics.unitNumber(0x4123L << 48)).isEqualTo(0x123);
        assertThat(NexusStatistics.unitNumber(0xC101L << 48)).isNegative();
        assertThat(NexusStatistics.unitNumber(1)).isNegative();
    }

    private StatisticsCounts unit() {
        return file.read().units().getFirst().counts();
    }

    /// READ(16) of one block, taking so long by the test's clock.
    private void run(Client client, NexusStatistics statistics, int lun, long latencyNs) {
        Task task = Objects.requireNonNull(client.claim(512));
        task.setTargetId(0);
        task.setLun((long) lun << 48);
        task.setCdb(new byte[]{(byte) 0x88, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0});
        task.setTransfer(TransferDirection.FROM_TARGET, 512);
        long depth = unit().depth();
        statistics.started(task);
        assertThat(unit().depth()).isEqualTo(lun == 0 ? depth + 1 : depth);
        assertThat(client.submit(task)).isTrue();
        nowNs[0] += latencyNs;
        while (client.inFlight() > 0) {
            int _ = engine.doWork();
            int _ = client.poll(done -> {
                statistics.finished(done);
                statistics.finished(done);
                boolean _ = client.release(done.token());
            }, 8);
        }
    }
}
