package io.trilane.tools.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.PendingImage;
import io.trilane.tools.frontend.CompletingController;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Task management (RFC 7143 11.5, 11.6), on an image that keeps operations until it is told.
class TaskManagementTest {
    private static final byte[] NONE = {};
    private static final int COMPLETE = 0;
    private static final int TASK_DOES_NOT_EXIST = 1;

    private final AtomicReference<PendingImage> image = new AtomicReference<>();
    private IscsiServer server;

    @BeforeEach
    void start() throws IOException {
        server = IscsiServer.start(options());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void abortedWriteThatWaitsForDataIsNeverAnswered() throws IOException {
        try (IscsiPeer peer = server.login("ImmediateData=No")) {
            int tag = peer.command(0xA0, 512, IscsiPeer.write10(0, 1), NONE);
            IscsiPeer.Answer ready = peer.receive();
            assertThat(peer.manage(1, 0, tag, peer.cmdSn - 1)).isEqualTo(COMPLETE);
            peer.dataOut(tag, ready.u32(20), 0, 0, true, new byte[512]);
            peer.expectSilence();
            assertThat(image.get().pendingOperations()).isZero();
        }
    }

    @Test
    void abortedTaskInFlightIsNotAnsweredAndTheVerdictWaitsForIt() throws IOException {
        try (IscsiPeer peer = server.login()) {
            int tag = peer.command(0xC0, 512, IscsiPeer.read10(0, 1), NONE);
            peer.expectSilence();
            assertThat(peer.manage(1, 0, tag, peer.cmdSn - 1)).isEqualTo(COMPLETE);
            peer.expectSilence();
        }
    }

    @Test
    void abortOfATaskThatIsNotThereFollowsTheWindow() throws IOException {
        try (IscsiPeer peer = server.login()) {
            assertThat(peer.manage(1, 0, 4711, peer.cmdSn - 1)).isEqualTo(TASK_DOES_NOT_EXIST);
            assertThat(peer.manage(1, 0, 4711, peer.cmdSn)).isEqualTo(TASK_DOES_NOT_EXIST);
            int toCome = peer.cmdSn;
            peer.cmdSn++;
            assertThat(peer.manage(1, 0, 4711, toCome)).isEqualTo(COMPLETE);
            peer.send(peer.commandHeader(0x01, 0x80, 4711, 0, toCome, new byte[16]), NONE);
            peer.expectSilence();
            peer.testUnitReady();
        }
    }

    @Test
    void abortNamesTheTaskWithItsUnit() throws IOException {
        try (IscsiPeer peer = server.login("ImmediateData=No")) {
            int tag = peer.command(0xA0, 512, IscsiPeer.write10(0, 1), NONE);
            assertThat(peer.receive().opcode()).isEqualTo(0x31);
            assertThat(peer.manage(1, 1L << 48, tag, peer.cmdSn - 1)).as("no such unit").isEqualTo(2);
        }
    }

    @Test
    void resetEndsEverythingOfTheUnit() throws IOException {
        for (int function : new int[]{2, 4, 5, 6}) {
            try (IscsiPeer peer = server.login("ImmediateData=No")) {
                int _ = peer.command(0xC0, 512, IscsiPeer.read10(0, 1), NONE);
                int _ = peer.command(0xA0, 512, IscsiPeer.write10(0, 1), NONE);
                assertThat(peer.receive().opcode()).isEqualTo(0x31);
                assertThat(peer.manage(function, 0, -1, 0)).as("function %d", function).isEqualTo(COMPLETE);
                peer.expectSilence();
                int tag = peer.command(0x80, 0, new byte[16], NONE);
                boolean isReset = function >= 5;
                if (isReset) {
                    peer.expectSense(tag, 0x06, 0x2903);
                } else {
                    IscsiPeer.Answer _ = peer.expectGood(tag);
                }
            }
        }
    }

    @Test
    void coldResetEndsTheSessionAfterItsAnswer() throws IOException {
        try (IscsiPeer peer = server.login()) {
            assertThat(peer.manage(7, 0, -1, 0)).isEqualTo(COMPLETE);
            peer.expectClosed();
        }
    }

    @Test
    void refusesWhatItDoesNotDo() throws IOException {
        try (IscsiPeer peer = server.login()) {
            assertThat(peer.manage(3, 0, -1, 0)).as("CLEAR ACA").isEqualTo(255);
            assertThat(peer.manage(8, 0, -1, 0)).as("TASK REASSIGN").isEqualTo(4);
            assertThat(peer.manage(9, 0, -1, 0)).as("QUERY TASK").isEqualTo(5);
            assertThat(peer.manage(0, 0, -1, 0)).isEqualTo(5);
            assertThat(peer.manage(5, 0x0007_0000_0000_0000L, -1, 0)).as("no such unit").isEqualTo(2);
            assertThat(peer.manage(5, 0x4007_0000_0000_0000L, -1, 0)).as("no such unit").isEqualTo(2);
            assertThat(peer.manage(5, 0x4000_0000_0000_0000L, -1, 0)).as("flat addressing").isEqualTo(COMPLETE);
        }
    }

    @Test
    void logoutWaitsForTasksInFlight() throws IOException {
        try (IscsiPeer peer = server.login()) {
            int tag = peer.command(0xC0, 512, IscsiPeer.read10(0, 1), NONE);
            peer.expectSilence();
            ByteBuffer request = IscsiPeer.header(0x46, 0x80, 99);
            request.putInt(24, peer.cmdSn);
            peer.send(request, NONE);
            peer.send(peer.commandHeader(0x01, 0x80, 50, 0, peer.cmdSn, new byte[16]), NONE);
            IscsiPeer.Answer _ = peer.expectReject(0x0C);
            join(completeWhenPending());
            IscsiPeer.Answer data = peer.receive();
            assertThat(data.opcode()).isEqualTo(0x25);
            assertThat(data.u32(16)).isEqualTo(tag);
            assertThat(peer.receive().opcode()).isEqualTo(0x26);
            peer.expectClosed();
        }
    }

    @Test
    void resetByAnotherInitiatorIsNotAnsweredButOpensTheWindow() throws IOException {
        try (IscsiServer narrow = IscsiServer.start(options().withWindow(1));
                IscsiPeer peer = narrow.login();
                IscsiPeer other = narrow.loginAsAnother()) {
            int _ = peer.command(0xC0, 512, IscsiPeer.read10(0, 1), NONE);
            peer.expectSilence();
            assertThat(peer.maxCmdSn).isEqualTo(peer.cmdSn - 1);
            assertThat(other.manage(5, 0, -1, 0)).isEqualTo(COMPLETE);
            IscsiPeer.Answer told = peer.receive();
            assertThat(told.opcode()).isEqualTo(0x20);
            assertThat(told.u32(16)).isEqualTo(-1);
            assertThat(told.u32(20)).isEqualTo(-1);
            assertThat(peer.maxCmdSn).isEqualTo(peer.cmdSn);
            int tag = peer.command(0x80, 0, new byte[16], NONE);
            peer.expectSense(tag, 0x06, 0x2903);
        }
    }

    @Test
    void disconnectsInEachPhaseLeaveNothingBehind() throws IOException {
        for (int i = 0; i < 40; i++) {
            try (IscsiPeer peer = server.login("ImmediateData=No", "InitialR2T=No")) {
                int tag = peer.command(0x20, 1024, IscsiPeer.write10(0, 2), NONE);
                peer.dataOut(tag, -1, 0, 0, false, new byte[512]);
                int _ = peer.command(0xA0, 512, IscsiPeer.write10(4, 1), NONE);
                assertThat(peer.receive().opcode()).isEqualTo(0x31);
                int _ = peer.command(0xC0, 512, IscsiPeer.read10(8, 1), NONE);
                peer.expectSilence();
            }
            join(completeWhenPending());
        }
        try (IscsiPeer peer = server.login()) {
            assertThat(server.clients()).isLessThanOrEqualTo(2);
            int tag = peer.command(0xC0, 512, IscsiPeer.read10(0, 1), NONE);
            join(completeWhenPending());
            assertThat(peer.receive().u32(16)).isEqualTo(tag);
        }
    }

    private IscsiServer.Options options() {
        return IscsiServer.options().withImage(this::pending)
                .withController(inner -> new CompletingController(inner, () -> image.get().completeOldest()));
    }

    private DiskImage pending(DiskImage inner) {
        PendingImage pending = new PendingImage(inner);
        image.set(pending);
        return pending;
    }

    /// Does one operation as soon as it is there.
    private Thread completeWhenPending() {
        return Thread.ofPlatform().start(() -> {
            while (!image.get().completeOldest()) {
                Thread.onSpinWait();
            }
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
