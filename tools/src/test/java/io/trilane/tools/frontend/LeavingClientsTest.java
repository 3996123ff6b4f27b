package io.trilane.tools.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.HbaController;
import io.trilane.hba.HbaModel;
import io.trilane.hba.LogicalUnitConfig;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients of one loop while another loop drives the engine, or is too busy to.
@Timeout(60)
class LeavingClientsTest {
    private static final int TASKS = 32;
    private static final int BYTES = 4096;
    private static final long PATIENCE_NS = 500_000_000L;

    private final AtomicBoolean isDriving = new AtomicBoolean(true);
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicBoolean isBound = new AtomicBoolean();
    private final LeavingClients leaving = new LeavingClients();
    private DiskImage image;
    private Engine engine;
    private Thread driver;

    @BeforeEach
    void launch() {
        image = new ImageRegistry().open("memory:1m", false, MemoryServer.BLOCK);
        engine = Engine.launch(
                EngineConfig.defaults().withMaxTasks(TASKS).withClientMaxTasks(TASKS)
                        .withCountersDirectory(Optional.empty()).withCloseTimeoutNs(PATIENCE_NS),
                new HbaController(new HbaModel(HbaConfig.of(TASKS, LogicalUnitConfig.ofSerial("1"), image))));
        engine.releaseDriver();
        driver = Thread.ofPlatform().start(this::drive);
        LoopTalk.await(isBound::get);
    }

    @AfterEach
    void close() throws InterruptedException {
        isOver.set(true);
        driver.join();
        engine.close();
        image.close();
    }

    @Test
    void closesAClientWhenItHasItsLastTaskBack() {
        Client client = open("one");
        Task held = claim(client);
        submit(client, 3);
        leaving.add(client, List.of(held));
        LoopTalk.await(() -> {
            int _ = leaving.poll();
            return leaving.isEmpty();
        });
        assertAllIsBack();
    }

    /// Each client waits in vain for the driver; the others still have their turn, and nothing is released twice.
    @Test
    void losesNothingWhenTheDriverHearsLate() {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Client client = open("client " + i);
            clients.add(client);
            leaving.add(client, List.of(claim(client), claim(client)));
            submit(client, 2 + i);
        }
        LoopTalk.await(() -> clients.stream().allMatch(client -> client.hasCompletions()));
        LoopTalk.await(() -> engine.counters().get(EngineCounter.COMPLETED) >= 2 + 3 + 4);
        isDriving.set(false);
        LoopTalk.await(() -> !isBound.get());
        int polled = 0;
        for (int i = 0; i < 3; i++) {
            polled += leaving.poll();
        }
        assertThat(polled).isEqualTo(2 + 3 + 4);
        assertThat(leaving.isEmpty()).as("nobody waits for the driver twice").isTrue();
        assertThat(leaving.poll()).isZero();
        isDriving.set(true);
        assertAllIsBack();
    }

    /// A newcomer gets the nexus of one that has closed so, and what is done for it comes behind what was asked before.
    @Test
    void aNewcomerIsServedOnTheNexusOfOneThatWasHeardLate() {
        Client client = open("one");
        leaving.add(client, List.of());
        isDriving.set(false);
        LoopTalk.await(() -> !isBound.get());
        assertThat(leaving.poll()).isZero();
        assertThat(leaving.isEmpty()).isTrue();
        isDriving.set(true);
        Client newcomer = open("two");
        assertThat(newcomer.nexus().id()).isEqualTo(client.nexus().id());
        submit(newcomer, 1);
        List<Task> back = new ArrayList<>();
        LoopTalk.await(() -> newcomer.poll(back::add, 1) == 1);
        assertThat(back.getFirst().status()).isEqualTo(TaskStatus.CHECK_CONDITION);
        assertThat(newcomer.release(back.getFirst().token())).isTrue();
        newcomer.close();
        assertAllIsBack();
    }

    private void drive() {
        while (!isOver.get()) {
            if (isDriving.get()) {
                int _ = engine.doWork();
                isBound.set(true);
            } else {
                isBound.set(false);
                Thread.onSpinWait();
            }
        }
        engine.releaseDriver();
    }

    private Client open(String name) {
        return engine.openClient(name, "target");
    }

    private static Task claim(Client client) {
        return Objects.requireNonNull(client.claim(BYTES));
    }

    private static void submit(Client client, int count) {
        for (int i = 0; i < count; i++) {
            Task task = claim(client);
            task.setTargetId(0);
            task.setLun(0);
            task.setCdbWord(0, 0x88L << 56);
            task.setCdbWord(1, (long) BYTES / MemoryServer.BLOCK << 16);
            task.setControl(16, TransferDirection.FROM_TARGET, BYTES);
            assertThat(client.submit(task)).isTrue();
        }
    }

    private void assertAllIsBack() {
        LoopTalk.await(isBound::get);
        assertThat(engine.counters().get(EngineCounter.CLIENTS)).isZero();
        try (Client client = open("counts")) {
            List<Task> claimed = new ArrayList<>();
            Task task;
            while ((task = client.claim(BYTES)) != null) {
                claimed.add(task);
            }
            claimed.forEach(each -> assertThat(client.release(each.token())).isTrue());
            assertThat(claimed).hasSize(TASKS);
        }
        assertThat(engine.counters().get(EngineCounter.STALE_RELEASES)).isZero();
    }
}
