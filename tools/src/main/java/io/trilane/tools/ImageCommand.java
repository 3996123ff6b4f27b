package io.trilane.tools;

import io.trilane.hba.image.ImageFiles;
import io.trilane.hba.image.ImageInfo;
import io.trilane.hba.image.ImageRegistry;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `trilane image`: makes and describes disk images.
@Command(
        name = "image",
        mixinStandardHelpOptions = true,
        subcommands = {ImageCommand.Create.class, ImageCommand.Info.class},
        description = "Makes and describes disk images.")
final class ImageCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(),
                "command is missing, choose create or info");
    }

    /// `trilane image create`.
    @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes a new image of zeros.")
    static final class Create implements Callable<Integer> {
        @Parameters(paramLabel = "PATH", description = "The file to make; it must not exist.")
        private @Nullable Path path;

        @Option(names = "--size", required = true, paramLabel = "SIZE", description = "4096, 4k, 1m, 1g, 1t.")
        private String size = "";

        @Option(names = "--block-size", paramLabel = "BYTES", defaultValue = "512",
                description = "512 or 4096. Default: ${DEFAULT-VALUE}.")
        private String blockSize = "512";

        @Option(names = "--thin", description = "Take room only when blocks are written.")
        private boolean thin;

        @Override
        public Integer call() {
            long block = Quantities.positiveSize("block-size", blockSize);
            if (block != 512 && block != 4096) {
                throw new IllegalArgumentException("block-size=" + blockSize + " is not supported, choose 512 or 4096");
            }
            ImageFiles.create(Objects.requireNonNull(path), Quantities.positiveSize("size", size), (int) block, thin);
            return 0;
        }
    }

    /// `trilane image info`.
    @Command(name = "info", mixinStandardHelpOptions = true, description = "Describes an image.")
    static final class Info implements Callable<Integer> {
        @Parameters(paramLabel = "PATH", description = "The image.")
        private @Nullable Path path;

        @Option(names = "--json", description = "As JSON.")
        private boolean json;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            ImageInfo info = ImageFiles.inspect(Objects.requireNonNull(path), ImageRegistry.DEFAULT_BLOCK_BYTES);
            String text = json ? ImageInfoText.json(info) : ImageInfoText.human(info);
            Objects.requireNonNull(spec).commandLine().getOut().print(text);
            Objects.requireNonNull(spec).commandLine().getOut().flush();
            return 0;
        }
    }
}
