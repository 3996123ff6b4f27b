package io.trilane.tools;

import io.trilane.hba.image.ByteSize;
import io.trilane.hba.image.ImageInfo;
import io.trilane.hba.image.LockHolder;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Describes an image, for people and for programs. Stateless.
final class ImageInfoText {
    private ImageInfoText() {}

    static String human(ImageInfo info) {
        StringBuilder text = new StringBuilder();
        line(text, "path", info.path().toString());
        line(text, "size", info.sizeBytes() + " (" + ByteSize.format(info.sizeBytes()) + ")");
        line(text, "allocated", info.allocatedBytes().isPresent()
                ? Long.toString(info.allocatedBytes().getAsLong()) + (info.isThin() ? " (thin)" : "") : "unknown");
        line(text, "blocks", info.capacityBlocks() + " of " + info.blockBytes() + " bytes");
        if (info.tailBytes() > 0) {
            line(text, "tail", info.tailBytes() + " bytes after the last whole block are ignored");
        }
        line(text, "sidecar", info.sidecar() ? "yes" : "no");
        line(text, "writable", info.writable() ? "yes" : "no");
        line(text, "in use", info.lockedBy().map(LockHolder::toString).orElse("no"));
        return text.toString();
    }

    static String json(ImageInfo info) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("path", info.path().toString());
            json.writeNumberProperty("size", info.sizeBytes());
            if (info.allocatedBytes().isPresent()) {
                json.writeNumberProperty("allocated", info.allocatedBytes().getAsLong());
            } else {
                json.writeNullProperty("allocated");
            }
            json.writeNumberProperty("block_size", info.blockBytes());
            json.writeNumberProperty("blocks", info.capacityBlocks());
            json.writeNumberProperty("tail", info.tailBytes());
            json.writeBooleanProperty("thin", info.isThin());
            json.writeBooleanProperty("sidecar", info.sidecar());
            json.writeBooleanProperty("writable", info.writable());
            if (info.lockedBy().isPresent()) {
                json.writeNumberProperty("locked_by", info.lockedBy().get().pid());
            } else {
                json.writeNullProperty("locked_by");
            }
            json.writeEndObject();
        }
        return out + System.lineSeparator();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format("%-10s %s%n", name, value));
    }
}
