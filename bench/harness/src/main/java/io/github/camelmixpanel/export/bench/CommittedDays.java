package io.github.camelmixpanel.export.bench;

import io.github.camelmixpanel.export.observe.MixpanelWindowEvent;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;

/** Waits until an export has committed its days. Camel does not ask it about exchanges. */
final class CommittedDays extends EventNotifierSupport {

    private final CountDownLatch missing;

    CommittedDays(int days) {
        missing = new CountDownLatch(days);
        setIgnoreExchangeEvents(true);
        setIgnoreExchangeSentEvents(true);
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof MixpanelWindowEvent window) {
            switch (window.getKind()) {
                case STARTED -> {}
                case COMPLETED -> missing.countDown();
                case FAILED -> window.getFailure().ifPresent(Exception::printStackTrace);
            }
        }
    }

    void await() throws InterruptedException {
        missing.await();
    }
}
