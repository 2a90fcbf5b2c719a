package io.github.camelmixpanel.export.testkit;

/**
 * What {@code mvn verify -Pfull} runs beyond {@code mvn verify}: tests tagged {@link #TAG}, which
 * kill JVMs, drive a browser or move gigabytes, and more of the same kind elsewhere.
 */
public final class FullBuild {

    public static final String TAG = "full";

    /** Set by the profile. */
    public static final boolean IS_RUNNING = Boolean.getBoolean("build.full");

    private FullBuild() {}
}
