package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;

/// The README's example is compiled and run here, and is the same, word for word.
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path SOURCE = Path.of("src/test/java/io/trilane/tools/ReadmeTest.java");

    /// The power-on unit attention is the first answer; the second is the data.
    private final List<String> answers = new ArrayList<>();

    @Test
    void theExampleReadsABlock() {
        try (DiskImage image = new ImageRegistry().open("memory:1m", false, 512)) {
            readBlock(image);
            readTwice(image);
        }
        assertThat(answers).containsExactly("CHECK_CONDITION", "CHECK_CONDITION", "GOOD");
    }

    @Test
    void theExampleIsTheOneInTheReadme() throws IOException {
        String source = Files.readString(SOURCE);
        String example =
                source.substring(source.indexOf("// example" + " begin\n"), source.indexOf("// example" + " end"));
        String body = example.substring(example.indexOf('\n') + 1).stripIndent().strip();
        assertThat(Files.readString(README)).contains(body);
    }

    private void readBlock(DiskImage image) {
        // example begin
        HbaModel hardware = new HbaModel(HbaConfig.of(256, LogicalUnitConfig.ofSerial("0001"), image));
        try (Engine engine = Engine.launch(EngineConfig.defaults().withMaxTasks(256), new HbaController(hardware));
                Client client = engine.openClient("me", "disk")) {
            Task task = Objects.requireNonNull(client.claim(512)); // null: refused, poll and try again
            task.setTargetId(0);
            task.setLun(0);
            task.setCdb(new byte[]{0x28, 0, 0, 0, 0, 7, 0, 0, 1, 0}); // READ(10), one block at 7
            task.setTransfer(TransferDirection.FROM_TARGET, 512);
            client.submit(task);
            while (client.inFlight() > 0) {
                engine.doWork(); // this thread is the driver: it pumps all roles
                client.poll(done -> {
                    answers.add(done.status().name());
                    client.release(done.token());
                }, 32);
            }
        }
        // example end
    }

    private void readTwice(DiskImage image) {
        HbaModel hardware = new HbaModel(HbaConfig.of(256, LogicalUnitConfig.ofSerial("0001"), image));
        try (Engine engine = Engine.launch(EngineConfig.defaults().withMaxTasks(256), new HbaController(hardware));
                Client client = engine.openClient("me", "disk")) {
            for (int i = 0; i < 2; i++) {
                Task task = Objects.requireNonNull(client.claim(512));
                task.setTargetId(0);
                task.setLun(0);
                task.setCdb(new byte[]{0x28, 0, 0, 0, 0, 7, 0, 0, 1, 0});
                task.setTransfer(TransferDirection.FROM_TARGET, 512);
                assertThat(client.submit(task)).isTrue();
                while (client.inFlight() > 0) {
                    int _ = engine.doWork();
                    int _ = client.poll(done -> {
                        answers.add(done.status().name());
                        boolean _ = client.release(done.token());
                    }, 32);
                }
            }
        }
    }
}
