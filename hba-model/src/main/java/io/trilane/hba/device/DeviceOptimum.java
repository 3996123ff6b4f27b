package io.trilane.hba.device;

import java.util.Comparator;
import java.util.List;

/// What a tuner should find on a device: throughput of a load, and the best load of a grid, worked out without the clock
/// and the queues that a measurement uses. For devices without stalls.
///
/// [#elapsedNs] is exact, to the nanosecond, for sequential loads, and for random ones on one member without an arm. With
/// an arm, seek and revolution of random requests take their mean time (a few per cent over a thousand requests); random
/// requests on several members are taken to go round in turn.
public final class DeviceOptimum {
    /// Loops of the depth before a rate is steady, besides a cache that fills.
    private static final int LOOPS = 32;

    private final DeviceModel model;
    private final long capacityBytes;

    /// @param capacityBytes of the device; a load uses all of it
    public DeviceOptimum(DeviceModel model, long capacityBytes) {
        if (model.stall().forNs() > 0) {
            throw new IllegalArgumentException("stall-for=" + model.stall().forNs()
                    + " ns > 0, the optimum is known for devices without stalls only");
        }
        this.model = model;
        this.capacityBytes = capacityBytes;
    }

    /// What a load reaches.
    ///
    /// @param requestsPerSecond after caches have filled
    public record Rate(DeviceLoad load, double requestsPerSecond) {
        public double bytesPerSecond() {
            return requestsPerSecond * load.requestBytes();
        }
    }

    /// How long so many requests take on a device that did nothing before, from the first that leaves to the last that is
    /// back.
    public long elapsedNs(DeviceLoad load, long requests) {
        return new ClosedLoop(model, capacityBytes, load).elapsedNs(requests);
    }

    /// What a load reaches in the long run.
    public Rate rate(DeviceLoad load) {
        long settled = (long) LOOPS * load.depth()
                + (load.writes() ? 2L * model.members() * model.member().cache().bytes() / load.requestBytes() : 0);
        long firstNs = elapsedNs(load, settled);
        long secondNs = elapsedNs(load, 2 * settled);
        return new Rate(load, settled * 1e9 / (secondNs - firstNs));
    }

    /// The most throughput of these loads; of equal ones the fewest bytes in flight.
    ///
    /// @param tolerance rates that differ by less than this part are equal
    public Rate best(List<DeviceLoad> loads, double tolerance) {
        List<Rate> rates = loads.stream().map(this::rate).toList();
        double most = rates.stream().mapToDouble(Rate::bytesPerSecond).max().orElseThrow();
        return rates.stream().filter(rate -> rate.bytesPerSecond() >= most * (1 - tolerance))
                .min(Comparator.comparingLong(rate -> rate.load().bytesInFlight())).orElseThrow();
    }

    /// Requests per second that no load of this kind can exceed: the slowest of host, channels, link, medium and
    /// interrupts, and the depth over the least latency (Denning and Buzen's operational bounds). Sequential loads.
    public double bound(DeviceLoad load) {
        DeviceModel.Host host = model.host();
        double together = Math.min(load.bundle(), load.depth());
        double shared = Math.min(host.coalescedCount(), load.depth());
        double commands = Math.ceilDiv(load.requestBytes(), host.maxTransferBytes());
        double hostNs = commands * (host.crossingNs() / together + host.taskNs());
        double returnNs = commands * host.interruptNs() / shared;
        double linkNs = load.requestBytes() * 1e9 / model.linkBytesPerSecond();
        double slowestNs = Math.max(Math.max(hostNs, returnNs), Math.max(linkNs, memberNs(load)));
        return Math.min(1e9 / slowestNs, load.depth() * 1e9 / leastLatencyNs(load));
    }

    private boolean isCached(DeviceLoad load) {
        return load.writes() && model.member().cache().bytes() > 0;
    }

    /// Mean time of the medium per request.
    private double memberNs(DeviceLoad load) {
        DeviceModel.Member member = model.member();
        double memberBytes = (double) load.requestBytes() / model.members();
        double commandNs = load.writes() ? member.writeNs() : member.readNs();
        double leastCommands = Math.max((double) load.requestBytes() / model.host().maxTransferBytes(),
                1.0 / model.members());
        if (isCached(load)) {
            return Math.max(memberBytes * 1e9 / member.cache().drainBytesPerSecond(),
                    leastCommands * commandNs / member.channels());
        }
        return (leastCommands * commandNs + memberBytes * 1e9 / member.bytesPerSecond()) / member.channels();
    }

    /// Of a request that meets nobody; all members work at the same time.
    private double leastLatencyNs(DeviceLoad load) {
        DeviceModel.Host host = model.host();
        DeviceModel.Member member = model.member();
        double commands = Math.ceilDiv(load.requestBytes(), host.maxTransferBytes());
        double commandNs = load.writes() ? member.writeNs() : member.readNs();
        double linkNs = load.requestBytes() * 1e9 / model.linkBytesPerSecond();
        double mediumNs = isCached(load) ? 0
                : load.requestBytes() * 1e9 / model.members() / member.bytesPerSecond();
        double aloneNs = load.depth() == 1 && host.coalescedCount() > 1 ? host.coalescedNs() : 0;
        return commands * (host.crossingNs() + host.taskNs() + commandNs + host.interruptNs() + aloneNs)
                + Math.max(linkNs, mediumNs);
    }
}
