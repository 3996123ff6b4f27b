package io.trilane.hba.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.hba.image.DiskImage.Operation;
import org.junit.jupiter.api.Test;

/// Every number is worked out by hand.
class DeviceTimelineTest {
    private static final long CAPACITY = 100_000_000;

    @Test
    void aCommandTakesItsOverheadAndTheLongerOfMediumAndLink() {
        DeviceTimeline fastLink = timeline(Models.of(1, Models.flash(1), Models.NO_HOST));
        assertThat(fastLink.finishNs(Operation.READ, 0, 4096, 1000)).isEqualTo(1000 + 100 + 4096);
        assertThat(fastLink.finishNs(Operation.WRITE, 0, 4096, 9000)).isEqualTo(9000 + 200 + 4096);
        DeviceModel.Member flash = Models.flash(1);
        DeviceTimeline slowLink = timeline(new DeviceModel("slow", "", 1, 65536, flash, Models.GB / 4, Models.NO_HOST,
                DeviceModel.Stall.NONE));
        assertThat(slowLink.finishNs(Operation.READ, 0, 1000, 0)).isEqualTo(100 + 4000);
        assertThat(slowLink.finishNs(Operation.READ, 0, 1000, 0)).as("the link is busy").isEqualTo(100 + 8000);
        assertThat(slowLink.finishNs(Operation.WRITE, 0, 1000, 0)).as("the other direction is not")
                .isEqualTo(2 * 1100 + 200 + 4000);
    }

    @Test
    void aCommandWaitsForAChannelInTheOrderOfArrival() {
        DeviceTimeline two = timeline(Models.of(1, Models.flash(2), Models.NO_HOST));
        assertThat(two.finishNs(Operation.UNMAP, 0, 512, 0)).isEqualTo(200);
        assertThat(two.finishNs(Operation.UNMAP, 0, 512, 50)).isEqualTo(250);
        assertThat(two.finishNs(Operation.UNMAP, 0, 512, 60)).isEqualTo(400);
        assertThat(two.finishNs(Operation.UNMAP, 0, 512, 300)).isEqualTo(500);
    }

    @Test
    void aStripedCommandIsDoneWhenTheLastMemberIs() {
        DeviceTimeline striped = timeline(Models.of(2, Models.flash(1), Models.NO_HOST));
        // 64 KiB and 100 bytes: all of it on member 0 but the 100 on member 1.
        assertThat(striped.finishNs(Operation.READ, 0, 65536, 0)).isEqualTo(100 + 65536);
        assertThat(striped.finishNs(Operation.READ, 65536, 1000, 0)).as("another member, the link is busy until 65636")
                .isEqualTo(100 + 65536 + 500);
        DeviceTimeline both = timeline(Models.of(2, Models.flash(1), Models.NO_HOST));
        assertThat(both.finishNs(Operation.READ, 0, 131072, 0)).as("half each; the link takes one after the other")
                .isEqualTo(100 + 65536 + 32768);
    }

    @Test
    void anArmSeeksAndWaitsForTheByteToComeRound() {
        DeviceTimeline disk = timeline(Models.of(1, Models.disk(), Models.NO_HOST));
        assertThat(disk.finishNs(Operation.READ, 0, 1000, 0)).as("the arm is at byte 0").isEqualTo(1100);
        assertThat(disk.finishNs(Operation.READ, 1000, 1000, 5000)).as("goes on there").isEqualTo(6100);
        // A quarter of the disk away: seek 1000 + 10000 / 2; there at 106100; the byte's angle is 2000 ns.
        long finish = disk.finishNs(Operation.READ, 25_002_000, 1000, 100_000);
        assertThat(finish).isEqualTo(1_002_000 + 1000);
        assertThat(disk.finishNs(Operation.READ, 25_003_000, 1000, finish)).isEqualTo(finish + 100 + 1000);
    }

    @Test
    void aWriteCacheTakesWritesUntilItIsFull() {
        DeviceTimeline cached = timeline(Models.of(1, Models.cached(10_000), Models.NO_HOST));
        // 200 of the command and 0.5 ns per byte of the link.
        assertThat(cached.finishNs(Operation.WRITE, 0, 8000, 0)).isEqualTo(4200);
        assertThat(cached.finishNs(Operation.WRITE, 0, 2000, 4200)).as("room for 2000 at once").isEqualTo(5400);
        // Everything so far is on the medium at 20000; 8000 fit when 2000 are left, at 16000.
        assertThat(cached.finishNs(Operation.WRITE, 0, 8000, 5400)).isEqualTo(16_000 + 200 + 4000);
        assertThat(cached.finishNs(Operation.FLUSH, 0, 0, 21_000)).as("empty at 36000").isEqualTo(36_200);
        assertThat(cached.finishNs(Operation.FLUSH, 0, 0, 50_000)).isEqualTo(50_200);
    }

    @Test
    void inTheLongRunACachedWriteTakesItsDrainTime() {
        DeviceTimeline cached = timeline(Models.of(1, Models.cached(10_000), Models.NO_HOST));
        long now = 0;
        for (int i = 0; i < 1000; i++) {
            now = cached.finishNs(Operation.WRITE, 0, 5000, now);
        }
        assertThat(now).isBetween(1000L * 10_000 - 20_000, 1000L * 10_000);
    }

    @Test
    void nothingGoesOnInAStall() {
        DeviceTimeline stalling = timeline(Models.of(1, Models.flash(1), Models.NO_HOST)
                .withStall(new DeviceModel.Stall(10_000, 3000)));
        assertThat(stalling.finishNs(Operation.READ, 0, 900, 0)).isEqualTo(1000);
        assertThat(stalling.finishNs(Operation.READ, 0, 900, 6000)).as("just done").isEqualTo(7000);
        assertThat(stalling.finishNs(Operation.READ, 0, 900, 7001)).as("begins at 10000").isEqualTo(11_000);
        assertThat(stalling.finishNs(Operation.READ, 0, 900, 16_500)).as("interrupted for 3000").isEqualTo(20_500);
        assertThat(stalling.finishNs(Operation.READ, 0, 20_000, 30_000)).as("two stalls")
                .isEqualTo(30_000 + 20_100 + 6000);
    }

    @Test
    void flushWaitsForWhatCameBefore() {
        DeviceTimeline flash = timeline(Models.of(1, Models.flash(4), Models.NO_HOST));
        assertThat(flash.finishNs(Operation.WRITE, 0, 8000, 0)).isEqualTo(8200);
        assertThat(flash.finishNs(Operation.FLUSH, 0, 0, 10)).isEqualTo(8400);
    }

    private static DeviceTimeline timeline(DeviceModel model) {
        return new DeviceTimeline(model, CAPACITY);
    }
}
