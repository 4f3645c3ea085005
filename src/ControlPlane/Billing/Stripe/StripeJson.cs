using System.Text.Json.Serialization;

namespace Movento.ControlPlane.Billing.Stripe;

/// <summary>The JSON of Stripe's API, read with code made at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StripeErrorAnswer))]
[JsonSerializable(typeof(StripeReference))]
[JsonSerializable(typeof(StripeCustomer))]
[JsonSerializable(typeof(StripeSubscription))]
[JsonSerializable(typeof(StripeOpenedCheckout))]
[JsonSerializable(typeof(StripePortalSession))]
[JsonSerializable(typeof(StripeInvoice))]
[JsonSerializable(typeof(StripeEvent))]
[JsonSerializable(typeof(StripeList<StripeProduct>), TypeInfoPropertyName = "ProductList")]
[JsonSerializable(typeof(StripeList<StripePrice>), TypeInfoPropertyName = "PriceList")]
[JsonSerializable(typeof(StripeList<StripeSubscription>), TypeInfoPropertyName = "SubscriptionList")]
[JsonSerializable(typeof(StripeList<StripeCheckoutSession>), TypeInfoPropertyName = "CheckoutSessionList")]
[JsonSerializable(typeof(StripeList<StripeReference>), TypeInfoPropertyName = "ReferenceList")]
[JsonSerializable(typeof(StripeList<StripeInvoice>), TypeInfoPropertyName = "InvoiceList")]
[JsonSerializable(typeof(StripeList<StripePromotionCode>), TypeInfoPropertyName = "PromotionCodeList")]
[JsonSerializable(typeof(StripeList<StripeEvent>), TypeInfoPropertyName = "EventList")]
internal sealed partial class StripeJson : JsonSerializerContext;
