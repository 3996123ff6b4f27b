package io.trilane.tools.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/// What tests with real loops have in common: bytes, threads of their own, and patience with an end.
final class LoopTalk {
    private LoopTalk() {}

    static byte[] filled(int blocks, int value) {
        byte[] data = new byte[blocks * 512];
        Arrays.fill(data, (byte) value);
        return data;
    }

    static void write(Socket socket, byte[] data) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(data);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// On a thread of its own: the common pool may have a single one.
    static CompletableFuture<Void> async(Runnable work) {
        return CompletableFuture.runAsync(work, task -> {
            Thread _ = Thread.ofPlatform().start(task);
        });
    }

    static void await(BooleanSupplier condition) {
        long untilNs = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(untilNs);
            Thread.onSpinWait();
        }
    }
}
