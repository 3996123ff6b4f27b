package io.trilane.tools;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where results go, looked at first: a result that cannot be stored is a minute lost, and an image is no place for it. One
/// thread.
final class OutputPlaces {
    private final List<String> inputs;
    /// Options by the file that they name.
    private final Map<Path, String> taken = new HashMap<>();

    /// @param inputs images and whatever else is read, as the operator named them
    OutputPlaces(List<String> inputs) {
        this.inputs = inputs;
    }

    /// @param option for the refusal
    /// @param file   null: the option was not given
    void require(String option, @Nullable String file) {
        if (file == null) {
            return;
        }
        Path path = ResultFile.of(option, file, inputs).path().normalize();
        String other = taken.putIfAbsent(path, option);
        if (other != null) {
            throw new IllegalArgumentException(option + "=" + file + " is what " + other + " names, name another file");
        }
    }
}
