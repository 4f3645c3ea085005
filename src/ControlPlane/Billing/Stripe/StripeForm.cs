using System.Globalization;

namespace Movento.ControlPlane.Billing.Stripe;

/// <summary>Parameters as Stripe's API takes them: form-encoded, what is nested with its path in brackets (<c>line_items[0][price]</c>).</summary>
internal sealed class StripeForm
{
    private readonly List<KeyValuePair<string, string>> _fields = [];

    public IReadOnlyList<KeyValuePair<string, string>> Fields => _fields;

    /// <summary>Adds a field; null adds none.</summary>
    public StripeForm With(string name, string? value)
    {
        if (value is not null) _fields.Add(new(name, value));
        return this;
    }

    public StripeForm With(string name, long value) => With(name, value.ToString(CultureInfo.InvariantCulture));

    public StripeForm With(string name, bool value) => With(name, value ? "true" : "false");

    /// <summary>A time in whole seconds since 1970.</summary>
    public StripeForm With(string name, DateTimeOffset value) => With(name, value.ToUnixTimeSeconds());

    /// <summary>As a query, with its question mark; nothing where there is no field.</summary>
    public string ToQuery() =>
        _fields.Count == 0 ? "" : "?" + string.Join('&', _fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));

    public FormUrlEncodedContent ToContent() => new(_fields);
}
