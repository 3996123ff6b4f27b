package io.trilane.hba.device;

/// Small models with round numbers.
final class Models {
    static final DeviceModel.Host NO_HOST = new DeviceModel.Host(0, 0, 0, 1, 0, 1 << 30);
    static final long GB = 1_000_000_000;

    private Models() {}

    static DeviceModel of(int members, DeviceModel.Member member, DeviceModel.Host host) {
        return new DeviceModel("test", "made up", members, 65536, member, 2 * GB, host, DeviceModel.Stall.NONE);
    }

    /// A nanosecond per byte, 100 per read, 200 per write.
    static DeviceModel.Member flash(int channels) {
        return new DeviceModel.Member(channels, 100, 200, GB, DeviceModel.Arm.NONE, DeviceModel.Cache.NONE);
    }

    /// Two nanoseconds per byte to empty.
    static DeviceModel.Member cached(long cacheBytes) {
        return new DeviceModel.Member(1, 100, 200, GB, DeviceModel.Arm.NONE, new DeviceModel.Cache(cacheBytes, GB / 2));
    }

    /// A revolution is a millisecond and a million bytes.
    static DeviceModel.Member disk() {
        return new DeviceModel.Member(1, 100, 200, GB, new DeviceModel.Arm(1000, 11_000, 1_000_000),
                DeviceModel.Cache.NONE);
    }
}
