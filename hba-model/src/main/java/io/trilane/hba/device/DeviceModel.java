package io.trilane.hba.device;

/// How long a device takes for what, as numbers: a model of a kind of disk, not a measurement of one. Times are
/// nanoseconds, rates are bytes per second, lengths are bytes. Nothing in it is random.
///
/// ```text
/// host (crossing + task) ─► channels of member 0 ─┐
///                        ─► channels of member 1 ─┴► link ─► coalescing ─► interrupt
/// ```
///
/// The same way is made by every command; a request that is longer than `maxTransferBytes` makes it several times, one
/// after another.
///
/// @param name               as `--device-model` names it
/// @param description        for people: what it stands for, and whether its numbers were measured
/// @param members            disks in the stripe (RAID-0); 1 for a single disk
/// @param stripeBytes        consecutive bytes on one member; of no meaning with one member
/// @param member             what each member is
/// @param linkBytesPerSecond of the link that all members share, in each direction
/// @param host               what happens before and after the device
/// @param stall              when the device stands still
public record DeviceModel(String name, String description, int members, long stripeBytes, Member member,
        long linkBytesPerSecond, Host host, Stall stall) {
    private static final long NS_PER_SECOND = 1_000_000_000L;
    /// More bytes than this times a second in nanoseconds are no `long`.
    private static final long MAX_EXACT_BYTES = Long.MAX_VALUE / NS_PER_SECOND;

    /// One disk.
    ///
    /// @param channels       commands that it works on at the same time; the others wait in the order of arrival
    /// @param readNs         a channel's time per command that reads, besides its bytes
    /// @param writeNs        a channel's time per command that writes, flushes or unmaps, besides its bytes
    /// @param bytesPerSecond between one channel and the medium; goes on at the same time as the link
    /// @param arm            moves before a command that does not go on where the one before ended
    /// @param cache          takes the bytes of writes
    public record Member(int channels, long readNs, long writeNs, long bytesPerSecond, Arm arm, Cache cache) {
        public Member {
            requireRange("channels", channels, 1, 65536);
            requireTime("read", readNs);
            requireTime("write", writeNs);
            requireRate("rate", bytesPerSecond);
        }
    }

    /// The mechanics of a disk with one arm. All zero: none. A seek over `d` of a capacity of `c` bytes takes
    /// `seekMinNs + (seekFullNs - seekMinNs) * sqrt(d / c)`, and none for `d = 0`; then the arm waits until the first
    /// byte comes round. Where the platter stands follows from the time. A command that goes on where the one before it
    /// ended needs neither.
    ///
    /// @param seekMinNs  to the next track
    /// @param seekFullNs from one edge to the other
    /// @param rotationNs of one revolution
    public record Arm(long seekMinNs, long seekFullNs, long rotationNs) {
        public static final Arm NONE = new Arm(0, 0, 0);

        public Arm {
            requireTime("seek-min", seekMinNs);
            requireTime("seek-full", seekFullNs);
            requireTime("rotation", rotationNs);
            if (seekFullNs < seekMinNs) {
                throw new IllegalArgumentException("seek-full=" + seekFullNs + " ns < seek-min=" + seekMinNs
                        + " ns, choose at least as much");
            }
        }

        boolean isThere() {
            return seekFullNs > 0 || rotationNs > 0;
        }
    }

    /// The write cache of one disk: a write is done when its bytes came over the link and found room. Emptied at a
    /// steady rate, whatever the reads do and wherever the bytes go; a flush waits until it is empty.
    ///
    /// @param bytes               how much it holds; 0: none, writes go to the medium
    /// @param drainBytesPerSecond to the medium
    public record Cache(long bytes, long drainBytesPerSecond) {
        public static final Cache NONE = new Cache(0, 1);

        public Cache {
            requireRange("cache", bytes, 0, 1L << 40);
            requireRate("drain", drainBytesPerSecond);
        }
    }

    /// The way between initiator and device. Crossings follow one another, and so do interrupts; the two do not wait for
    /// each other.
    ///
    /// @param crossingNs       of one hand-over, however many tasks it takes along
    /// @param taskNs           of each task in it; a task is with the device when its own time is over
    /// @param interruptNs      of one interrupt, however many completions it brings
    /// @param coalescedCount   completions that make an interrupt; 1: each one
    /// @param coalescedNs      longest wait of a completion for others
    /// @param maxTransferBytes longest command
    public record Host(long crossingNs, long taskNs, long interruptNs, int coalescedCount, long coalescedNs,
            long maxTransferBytes) {
        public Host {
            requireTime("crossing", crossingNs);
            requireTime("task", taskNs);
            requireTime("interrupt", interruptNs);
            requireRange("coalesce-count", coalescedCount, 1, 65536);
            requireTime("coalesce-time", coalescedNs);
            requireRange("max-transfer", maxTransferBytes, 512, 1L << 30);
        }
    }

    /// The device stands still for the last `forNs` of every `everyNs`, counted from its first operation: nothing begins and
    /// nothing goes on. The host and interrupts go on. All zero: never.
    public record Stall(long everyNs, long forNs) {
        public static final Stall NONE = new Stall(0, 0);

        public Stall {
            requireTime("stall-every", everyNs);
            requireTime("stall-for", forNs);
            if (forNs >= everyNs && everyNs + forNs > 0) {
                throw new IllegalArgumentException("stall-for=" + forNs + " ns >= stall-every=" + everyNs
                        + " ns, leave the device some time to work");
            }
        }
    }

    public DeviceModel {
        requireRange("members", members, 1, 64);
        requireRange("stripe", stripeBytes, 512, 1L << 30);
        requireRate("link", linkBytesPerSecond);
        if (member.arm.isThere() && member.channels > 1) {
            throw new IllegalArgumentException("channels=" + member.channels
                    + " > 1 with seek and rotation, a disk with an arm has one channel");
        }
        if (stripeBytes % 512 != 0 || host.maxTransferBytes % 512 != 0) {
            throw new IllegalArgumentException("stripe=" + stripeBytes + " max-transfer=" + host.maxTransferBytes
                    + " are not multiples of 512, choose multiples");
        }
    }

    /// The same device behind another host.
    public DeviceModel withHost(Host newHost) {
        return new DeviceModel(name, description, members, stripeBytes, member, linkBytesPerSecond, newHost, stall);
    }

    /// The same device with other pauses.
    public DeviceModel withStall(Stall newStall) {
        return new DeviceModel(name, description, members, stripeBytes, member, linkBytesPerSecond, host, newStall);
    }

    /// Time that so many bytes take, rounded up to a nanosecond; exact below 8 GiB.
    static long transferNs(long bytes, long bytesPerSecond) {
        return bytes <= MAX_EXACT_BYTES ? Math.ceilDiv(bytes * NS_PER_SECOND, bytesPerSecond)
                : (long) Math.ceil((double) bytes * NS_PER_SECOND / bytesPerSecond);
    }

    private static void requireTime(String name, long ns) {
        if (ns < 0 || ns > 1000 * NS_PER_SECOND) {
            throw new IllegalArgumentException(name + "=" + ns + " ns not in 0.." + 1000 * NS_PER_SECOND
                    + " ns, choose a time in that range");
        }
    }

    private static void requireRate(String name, long bytesPerSecond) {
        if (bytesPerSecond < 1 || bytesPerSecond > 1L << 50) {
            throw new IllegalArgumentException(name + "=" + bytesPerSecond + " B/s not in 1.." + (1L << 50)
                    + " B/s, choose a rate in that range");
        }
    }

    private static void requireRange(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + "=" + value + " not in " + least + ".." + most
                    + ", choose a value in that range");
        }
    }
}
