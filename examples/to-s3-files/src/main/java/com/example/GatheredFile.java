package com.example;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.ExchangeProperty;

/** The file in which the events of one export of a day are gathered. */
public class GatheredFile {

    private final Path folder;

    public GatheredFile(String folder) {
        this.folder = Path.of(folder);
    }

    /**
     * @return the file compressed, beside it; null if there is none
     */
    public File gzip(@ExchangeProperty("file") String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            return null;
        }
        Path compressed = folder.resolve(name + ".gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            Files.copy(file, out);
        }
        return compressed.toFile();
    }

    /** Forgets both, once they are where they should be. */
    public void delete(@ExchangeProperty("file") String name) throws IOException {
        Files.delete(folder.resolve(name + ".gz"));
        Files.delete(folder.resolve(name));
    }
}
