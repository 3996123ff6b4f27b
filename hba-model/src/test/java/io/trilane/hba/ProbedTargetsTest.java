package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.SuspendPolicy;
import io.trilane.engine.TargetInfo;
import io.trilane.engine.ThreadingMode;
import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.controller.QueueContract;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageRegistry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the framework's probe finds on the reference hardware, with every contract and threading.
@Timeout(60)
class ProbedTargetsTest {
    private final ImageRegistry images = new ImageRegistry();

    @ParameterizedTest
    @CsvSource({"ENGINE, INVOKER", "ENGINE, DEDICATED", "DRIVERKIT, INVOKER", "DRIVERKIT, DEDICATED"})
    void findsEachUnitAsItIsConfigured(QueueContract contract, ThreadingMode threading) {
        try (DiskImage small = images.open("memory:1m", false, 512);
                DiskImage large = images.open("memory:4m", false, 4096)) {
            LogicalUnitConfig unit = LogicalUnitConfig.ofSerial("P1");
            HbaConfig config = new HbaConfig(16, 1 << 20, 1, List.of(new HbaConfig.Unit(3, 0, unit, small),
                    new HbaConfig.Unit(3, 300, LogicalUnitConfig.ofSerial("P2"), large),
                    new HbaConfig.Unit(254, 0, LogicalUnitConfig.ofSerial("P3"), small)));
            try (Engine engine = Engine.launch(EngineConfig.defaults().withContract(contract).withThreading(threading)
                    .withMaxTasks(16).withCountersDirectory(Optional.empty()),
                    new HbaController(new HbaModel(config)))) {
                assertThat(engine.targets()).containsExactly(3L, 254L);
                List<TargetInfo.Unit> units = engine.targetInfo(3).orElseThrow().units();
                assertThat(units).extracting(TargetInfo.Unit::lun).containsExactly(0L, Target.lunBytes(300));
                assertThat(units).extracting(TargetInfo.Unit::blocks).containsExactly(2048L, 1024L);
                assertThat(units).extracting(TargetInfo.Unit::blockBytes).containsExactly(512, 4096);
                assertThat(units).extracting(TargetInfo.Unit::vendor).containsOnly("TRILANE");
                assertThat(units).extracting(TargetInfo.Unit::writeProtected).containsOnly(false);
                assertThat(engine.setPowerState(PowerState.OFF)).isTrue();
                assertThat(engine.setPowerState(PowerState.ON)).isTrue();
                assertThat(engine.config().framework().suspendPolicy()).isEqualTo(SuspendPolicy.FAIL_FAST);
                engine.remove();
                assertThat(engine.state()).isEqualTo(LifecycleState.STOPPED);
                assertThat(engine.targets()).isEmpty();
                assertThat(engine.misuses().reports()).isEmpty();
            }
        }
    }
}
