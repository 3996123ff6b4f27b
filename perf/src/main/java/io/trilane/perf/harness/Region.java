package io.trilane.perf.harness;

import io.trilane.hba.image.DiskImage;

/// The part of one image that a workload may touch, in bytes.
public record Region(long offsetBytes, long sizeBytes) {
    public Region {
        if (offsetBytes < 0 || sizeBytes < 1) {
            throw new IllegalArgumentException("offset=" + offsetBytes + " size=" + sizeBytes
                    + " is not a region, choose offset >= 0 and size > 0");
        }
    }

    /// What `--offset` and `--size` mean on an image.
    ///
    /// @param sizeBytes 0: up to the end of the image
    public static Region of(DiskImage image, long offsetBytes, long sizeBytes, long requestBytes) {
        int block = image.blockBytes();
        long capacity = image.capacityBlocks() * block;
        requireMultiple("bs", requestBytes, block);
        if (offsetBytes % block != 0) {
            throw new IllegalArgumentException("offset=" + offsetBytes + " is not a multiple of blockBytes=" + block
                    + ", choose one");
        }
        if (sizeBytes != 0) {
            requireMultiple("size", sizeBytes, block);
        }
        if (offsetBytes >= capacity || sizeBytes > capacity - offsetBytes) {
            throw new IllegalArgumentException("offset=" + offsetBytes + " + size=" + sizeBytes + " > image="
                    + image.name() + " capacity=" + capacity + ", lower --offset or --size");
        }
        long size = sizeBytes == 0 ? capacity - offsetBytes : sizeBytes;
        if (size < requestBytes) {
            throw new IllegalArgumentException((sizeBytes == 0 ? "image=" + image.name() + " " : "") + "size=" + size
                    + " < bs=" + requestBytes + ", choose a smaller --bs or a larger "
                    + (sizeBytes == 0 ? "image" : "--size"));
        }
        return new Region(offsetBytes, size);
    }

    /// The disjoint share of one of several jobs, in whole requests.
    public Region share(int job, int jobs, long requestBytes) {
        long shareBytes = sizeBytes / jobs / requestBytes * requestBytes;
        if (shareBytes == 0) {
            throw new IllegalArgumentException("size=" + sizeBytes + " / numjobs=" + jobs + " < bs=" + requestBytes
                    + ", lower --numjobs or --bs");
        }
        return new Region(offsetBytes + job * shareBytes, shareBytes);
    }

    private static void requireMultiple(String name, long value, int block) {
        if (value % block != 0) {
            throw new IllegalArgumentException(name + "=" + value + " is not a multiple of blockBytes=" + block
                    + ", choose one");
        }
    }
}
