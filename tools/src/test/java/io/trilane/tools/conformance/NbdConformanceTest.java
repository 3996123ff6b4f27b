package io.trilane.tools.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// libnbd's tools and fio's nbd engine as the clients of one export.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NbdConformanceTest {
    private static final String LIBNBD = "libnbd-bin";

    private DiskFixture disk;

    @BeforeAll
    void start(@TempDir Path directory) {
        ForeignTool _ = ForeignTool.of("nbdinfo", LIBNBD);
        disk = DiskFixture.start(directory, Personality.THIN);
    }

    @AfterAll
    void stop() {
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void nbdinfoSeesWhatTheServerCanDo() {
        String json = ForeignTool.of("nbdinfo", LIBNBD).run("--json", uri()).good().output();
        assertThat(json).contains("\"protocol\": \"newstyle-fixed\"", "\"structured\": true", "\"base:allocation\"",
                "\"is_read_only\": false", "\"can_flush\": true", "\"can_fua\": true", "\"can_multi_conn\": true",
                "\"can_trim\": true", "\"can_zero\": true", "\"can_cache\": true", "\"can_df\": true",
                "\"export-size\": 33554432");
    }

    @Test
    void nbdinfoListsTheExports() {
        assertThat(ForeignTool.of("nbdinfo", LIBNBD).run("--list", "--json", server()).good().output())
                .contains("\"export-size\": 33554432");
    }

    @Test
    void nbdcopyBothWaysKeepsEveryByte() {
        ForeignTool copy = ForeignTool.of("nbdcopy", LIBNBD);
        Path source = disk.noise("source", 7);
        Path back = disk.directory().resolve("back");
        ToolRun _ = copy.run(source, uri()).good();
        ToolRun _ = copy.run(uri(), back).good();
        assertThat(DiskFixture.digest(back)).isEqualTo(DiskFixture.digest(source));
    }

    /// One connection, one request at a time: what takes several of both by default must not be needed.
    @Test
    void nbdcopyOverOneConnectionKeepsEveryByte() {
        ForeignTool copy = ForeignTool.of("nbdcopy", LIBNBD);
        Path source = disk.noise("single-source", 8);
        Path back = DiskFixture.empty(disk.directory().resolve("single-back"));
        ToolRun _ = copy.run("--connections=1", "--requests=1", "--request-size=1048576", source, uri()).good();
        ToolRun _ = copy.run("--connections=1", "--synchronous", uri(), back).good();
        assertThat(DiskFixture.digest(back)).isEqualTo(DiskFixture.digest(source));
    }

    /// Holes are told, and only where there is no data: what the map calls zero must read as zeros.
    @Test
    void theMapNeverCallsDataAHole() {
        nbdsh("""
                h.pwrite(b"x" * 65536, 3 * 1024 * 1024)
                h.zero(65536, 4 * 1024 * 1024)
                h.trim(1024 * 1024, 5 * 1024 * 1024)
                h.flush()
                extents = []
                at = 0
                def extent(context, offset, entries, error):
                    for i in range(0, len(entries), 2):
                        extents.append((entries[i], entries[i + 1]))
                while at < h.get_size():
                    before = len(extents)
                    h.block_status(h.get_size() - at, at, extent)
                    for length, flags in extents[before:]:
                        step = 4 * 1024 * 1024
                        for part in range(at, at + length, step):
                            if flags & nbd.STATE_ZERO:
                                size = min(step, at + length - part)
                                assert h.pread(size, part) == bytes(size), (part, size)
                        if at <= 3 * 1024 * 1024 < at + length:
                            assert not flags & nbd.STATE_ZERO
                        at += length
                assert at == h.get_size(), at
                """, "h.add_meta_context('base:allocation')");
    }

    @Test
    void flagsAndSizesAreTold() {
        nbdsh("""
                assert h.get_protocol() == 'newstyle-fixed'
                assert h.get_structured_replies_negotiated()
                assert h.get_size() == 33554432
                assert h.can_fua() and h.can_flush() and h.can_trim() and h.can_zero() and h.can_multi_conn()
                assert not h.is_read_only() and not h.is_rotational()
                assert h.get_block_size(nbd.SIZE_MINIMUM) in (0, 1), h.get_block_size(nbd.SIZE_MINIMUM)
                """, "");
    }

    /// Requests that libnbd would not send by itself: they are answered with the protocol's errors, and the connection
    /// serves on.
    @Test
    void badRequestsAreRefusedAndTheConnectionServesOn() {
        nbdsh("""
                import errno
                def refused(number, call, *arguments):
                    try:
                        call(*arguments)
                    except nbd.Error as error:
                        assert error.errnum in number, (error.errnum, error.string)
                    else:
                        raise AssertionError('was not refused')
                h.set_strict_mode(0)
                size = h.get_size()
                refused([errno.EINVAL], h.pread, 512, size)
                refused([errno.EINVAL], h.pread, 1024, size - 512)
                refused([errno.EINVAL, errno.ENOSPC], h.pwrite, b'1' * 1024, size - 512)
                refused([errno.EINVAL, errno.ENOSPC], h.zero, 1024, size - 512)
                refused([errno.EINVAL, errno.ENOSPC], h.trim, 1024, size)
                refused([errno.EINVAL], h.pread, 512, 1 << 62)
                h.pwrite(b'still here', 100)
                assert h.pread(10, 100) == b'still here'
                """, "");
    }

    @Test
    void everyCommandWorksOnEverySizeAndOffset() {
        nbdsh("""
                model = bytearray(65536)
                base = 16 * 1024 * 1024
                h.zero(65536, base)
                import random
                random.seed(4)
                for step in range(400):
                    offset = random.randrange(65536)
                    length = min(random.choice((1, 7, 511, 512, 513, 4096, 9000)), 65536 - offset)
                    kind = random.randrange(5)
                    if kind < 2:
                        data = random.randbytes(length)
                        h.pwrite(data, base + offset, nbd.CMD_FLAG_FUA if kind else 0)
                        model[offset:offset + length] = data
                    elif kind == 2:
                        h.zero(length, base + offset, nbd.CMD_FLAG_NO_HOLE if step % 2 else 0)
                        model[offset:offset + length] = bytes(length)
                    elif kind == 3:
                        h.cache(length, base + offset)
                    else:
                        assert h.pread(length, base + offset) == model[offset:offset + length], (step, offset, length)
                assert h.pread(65536, base) == model
                assert h.pread_structured(65536, base, lambda *_: 0, nbd.CMD_FLAG_DF) == model
                """, "");
    }

    @Test
    void aClientWithoutStructuredRepliesIsServed() {
        nbdsh("""
                assert not h.get_structured_replies_negotiated()
                h.pwrite(b'q' * 100000, 9000001)
                assert h.pread(100000, 9000001) == b'q' * 100000
                """, "h.set_request_structured_replies(False)");
    }

    @Test
    void anOldClientThatNamesTheExportOnlyIsServed() {
        nbdsh("""
                h.pwrite(b'w' * 4096, 12288)
                assert h.pread(4096, 12288) == b'w' * 4096
                """, "h.set_handshake_flags(0)");
    }

    @Test
    void whatOneConnectionFlushedTheOtherReads() {
        nbdsh("""
                other = nbd.NBD()
                other.connect_uri('%s')
                h.pwrite(b'f' * 8192, 20 * 1024 * 1024)
                h.flush()
                assert other.pread(8192, 20 * 1024 * 1024) == b'f' * 8192
                other.shutdown()
                """.formatted(uri()), "");
    }

    @ParameterizedTest
    @CsvSource({"randwrite, 4k-4k, 32", "randwrite, 512-64k, 16", "write, 1m-1m, 4", "randrw, 1k-256k, 8"})
    void fioVerifiesWhatItWrote(String mode, String blockSize, int depth) {
        ToolRun run = ForeignTool.of("fio", "fio").run(Duration.ofSeconds(60), "--name=verify", "--ioengine=nbd",
                "--uri=" + uri(), "--rw=" + mode, "--bsrange=" + blockSize, "--iodepth=" + depth,
                "--size=32m", "--io_size=24m", "--verify=crc32c", "--do_verify=1", "--verify_fatal=1",
                "--aux-path=" + disk.directory()).good();
        assertThat(run.output()).contains("err= 0").doesNotContain("verify: bad");
    }

    /// Runs this Python with `h` connected to the export; `before` is done to the handle first.
    private void nbdsh(String script, String before) {
        String code = "import nbd\n" + before + "\nh.connect_uri('" + uri() + "')\n" + script + "\nh.shutdown()\n";
        ToolRun _ = ForeignTool.of("nbdsh", "python3-libnbd").run("-c", code).good();
    }

    private String uri() {
        return disk.server().nbd(0);
    }

    /// The URI without the export's name.
    private String server() {
        String uri = uri();
        int path = uri.indexOf('/', "nbd://".length());
        return path < 0 ? uri : uri.substring(0, path);
    }
}
