package io.github.camelmixpanel.export.internal.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A real disk, one operation of which fails. */
final class FaultyDisk extends SpoolDisk {

    enum Operation {
        CREATE,
        WRITE,
        FORCE,
        RENAME,
        FORCE_FOLDER,
        DELETE
    }

    Operation failing;

    @Override
    FileChannel create(Path file) throws IOException {
        failIf(Operation.CREATE);
        return super.create(file);
    }

    /** Half the block gets to the disk before it is full. */
    @Override
    void write(FileChannel channel, ByteBuffer block) throws IOException {
        if (failing == Operation.WRITE) {
            super.write(channel, block.slice(block.position(), block.remaining() / 2));
        }
        failIf(Operation.WRITE);
        super.write(channel, block);
    }

    @Override
    void force(FileChannel channel) throws IOException {
        failIf(Operation.FORCE);
        super.force(channel);
    }

    @Override
    void rename(Path from, Path to) throws IOException {
        failIf(Operation.RENAME);
        super.rename(from, to);
    }

    @Override
    void forceFolder(Path folder) throws IOException {
        failIf(Operation.FORCE_FOLDER);
        super.forceFolder(folder);
    }

    @Override
    void delete(Path file) throws IOException {
        failIf(Operation.DELETE);
        super.delete(file);
    }

    private void failIf(Operation operation) throws IOException {
        if (failing == operation) {
            throw new IOException("No space left on device");
        }
    }
}
