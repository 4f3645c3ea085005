namespace Movento.ControlPlane.Billing;

/// <summary>What billing can be told. Without a <see cref="SecretKey"/> it is off: nothing is sold, and every film plays for whoever is signed in.</summary>
public sealed class BillingOptions
{
    /// <summary>Stripe's secret or restricted key: <c>sk_test_…</c>, <c>sk_live_…</c>, <c>rk_test_…</c>, <c>rk_live_…</c>. None switches billing off.</summary>
    public string? SecretKey { get; set; }

    /// <summary>The signing secrets of the webhook endpoint, <c>whsec_…</c>: one, or two while one is rolled. An event that any of them signed is taken.</summary>
    public IReadOnlyList<string> WebhookSecrets { get; set; } = [];

    /// <summary>Where Stripe's API is; another than its own only for tests.</summary>
    public string ApiUrl { get; set; } = "https://api.stripe.com";

    /// <summary>The pages as viewers reach them, to come back to from Checkout and the portal: <c>https://watch.example.com</c>.</summary>
    public string ReturnUrl { get; set; } = "http://localhost:8080";

    /// <summary>How long a subscription whose payment failed still plays, from its oldest open invoice on.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long past its period a subscription that renews is believed to have done so, where nothing newer could be read: a renewal is
    /// charged about an hour later, and Stripe may be out of reach.</summary>
    public TimeSpan RenewalSlack { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Streams at the same time of an account that has no plan: with a rental, or a film that is free.</summary>
    public int StreamsWithoutPlan { get; set; } = 1;

    /// <summary>How long one attempt of a call may take.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts of a call that can be repeated without harm.</summary>
    public int CallAttempts { get; set; } = 3;

    /// <summary>The pause before a second attempt; each further one waits twice as long.</summary>
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often it is looked for events that no webhook brought.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(5);

    private static readonly string[] KeyPrefixes = ["sk_test_", "sk_live_", "rk_test_", "rk_live_"];

    /// <summary>Whether anything is sold.</summary>
    public bool IsOn => !string.IsNullOrEmpty(SecretKey);

    /// <summary>Every sentence about what is wrong; none when all is well. No key and no secret stands in them.</summary>
    public IEnumerable<string> Validate()
    {
        if (!Url(ApiUrl)) yield return $"Billing:ApiUrl must be an absolute http or https URL without query, fragment or user, not '{ApiUrl}'.";
        if (!Url(ReturnUrl)) yield return $"Billing:ReturnUrl must be an absolute http or https URL without query, fragment or user, not '{ReturnUrl}'.";
        if (Grace < TimeSpan.Zero || Grace > TimeSpan.FromDays(60)) yield return $"Billing:Grace must be zero to 60 days, not {Grace}.";
        if (RenewalSlack < TimeSpan.FromHours(1) || RenewalSlack > TimeSpan.FromDays(14)) yield return $"Billing:RenewalSlack must be 1 hour to 14 days, not {RenewalSlack}.";
        if (StreamsWithoutPlan is < 1 or > 100) yield return $"Billing:StreamsWithoutPlan must be 1 to 100, not {StreamsWithoutPlan}.";
        if (CallTimeout < TimeSpan.FromSeconds(1) || CallTimeout > TimeSpan.FromSeconds(80)) yield return $"Billing:CallTimeout must be 1 to 80 seconds, not {CallTimeout}.";
        if (CallAttempts is < 1 or > 5) yield return $"Billing:CallAttempts must be 1 to 5, not {CallAttempts}.";
        if (RetryPause < TimeSpan.Zero || RetryPause > TimeSpan.FromSeconds(10)) yield return $"Billing:RetryPause must be zero to 10 seconds, not {RetryPause}.";
        if (SweepInterval < TimeSpan.FromSeconds(1) || SweepInterval > TimeSpan.FromHours(1)) yield return $"Billing:SweepInterval must be 1 second to 1 hour, not {SweepInterval}.";
        for (var i = 0; i < WebhookSecrets.Count; i++)
        {
            if (!IsToken(WebhookSecrets[i], "whsec_")) yield return $"Billing:WebhookSecrets[{i}] is not a signing secret of a webhook endpoint: whsec_….";
        }

        if (!IsOn) yield break;
        if (!KeyPrefixes.Any(prefix => IsToken(SecretKey!, prefix)))
            yield return "Billing:SecretKey is not a secret or restricted key of Stripe: sk_test_…, sk_live_…, rk_test_… or rk_live_….";
        if (WebhookSecrets.Count == 0)
            yield return "Billing:SecretKey is given, so Billing:WebhookSecrets must say what its webhook endpoint signs with (whsec_…).";
        if (Uri.TryCreate(ApiUrl, UriKind.Absolute, out var api) && api.Scheme == Uri.UriSchemeHttp && !api.IsLoopback)
            yield return "Billing:ApiUrl is no https:// URL: the key would cross the network in the clear.";
    }

    private static bool Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0;

    // What cannot be the value of a header would otherwise be found at the first call, with the key in the message.
    private static bool IsToken(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) && text.Length > prefix.Length && text.Length <= 255
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
