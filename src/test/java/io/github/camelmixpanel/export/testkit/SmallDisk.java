package io.github.camelmixpanel.export.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real file system of a few KB that can be filled and emptied: a disk without space. */
public final class SmallDisk implements AutoCloseable {

    private static final String FILLER = "filler";

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * Mounts one on a folder, which is created; the test is skipped where that cannot be done.
     *
     * @param kilobytes a multiple of 4
     */
    public static SmallDisk mount(Path folder, int kilobytes) throws IOException {
        Files.createDirectories(folder);
        boolean mounted =
                System.getProperty("os.name").equals("Linux")
                        && run(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=" + kilobytes + "k,mode=700",
                                "none",
                                folder.toString());
        assumeTrue(mounted, "a small disk can be mounted by root on Linux alone");
        return new SmallDisk(folder);
    }

    /** Leaves no byte free. */
    public void fill() throws IOException {
        byte[] block = new byte[512];
        try (OutputStream out = Files.newOutputStream(folder.resolve(FILLER))) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }

    /** Changes it while it is in use, for example to {@code ro}. */
    public void remount(String options) {
        if (!run("mount", "-o", "remount," + options, folder.toString())) {
            throw new IllegalStateException("cannot remount " + folder + " as " + options);
        }
    }

    public void free() throws IOException {
        Files.delete(folder.resolve(FILLER));
    }

    @Override
    public void close() {
        run("umount", "-l", folder.toString());
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // no such command
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
