package io.trilane.engine.controller;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A method of [Controller] as its source has it: reflection knows no order and no comments.
///
/// @param name     the method
/// @param callback what its comment begins with; empty for what is called on no role
record SpiMethod(String name, Optional<Callback> callback) {
    private static final Path SOURCE = Path.of("src", "main", "java", "io", "trilane", "engine", "controller",
            "Controller.java");
    private static final Pattern DECLARATION =
            Pattern.compile("    (?:default )?(?!///)[^/*={}]*?\\b(\\w+)\\([^)]*\\) ?[;{].*");
    private static final Pattern CALLBACK = Pattern.compile("    /// ([A-Z_]+)[,.:].*");

    /// In the order of the source.
    static List<SpiMethod> ofController() throws IOException {
        List<SpiMethod> methods = new ArrayList<>();
        Optional<Callback> callback = Optional.empty();
        boolean inComment = false;
        for (String line : Files.readAllLines(SOURCE)) {
            boolean comment = line.startsWith("    ///");
            if (comment && !inComment) {
                callback = callbackOf(line);
            }
            inComment = comment;
            Matcher declaration = DECLARATION.matcher(line);
            if (!comment && !line.startsWith("     ") && declaration.matches()) {
                methods.add(new SpiMethod(declaration.group(1), callback));
                callback = Optional.empty();
            }
        }
        return methods;
    }

    private static Optional<Callback> callbackOf(String line) {
        Matcher matcher = CALLBACK.matcher(line);
        return matcher.matches() ? Arrays.stream(Callback.values())
                .filter(callback -> callback.name().equals(matcher.group(1))).findFirst() : Optional.empty();
    }
}
