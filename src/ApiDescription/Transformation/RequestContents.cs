using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Movento.ApiDescription.Metadata;

namespace Movento.ApiDescription.Transformation;

/// <summary>Tells ASP.NET's explorer of the bodies that endpoints read by themselves, so that their schemas are made as all others are.</summary>
internal sealed class RequestContents : IApiDescriptionProvider
{
    /// <summary>After ASP.NET's own, which has made the descriptions.</summary>
    public int Order => 0;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
        foreach (var endpoint in context.Results)
        {
            if (endpoint.ActionDescriptor.EndpointMetadata.OfType<RequestContent>().LastOrDefault() is not { } content) continue;
            endpoint.ParameterDescriptions.Add(new ApiParameterDescription
            {
                Name = "body",
                Source = BindingSource.Body,
                Type = content.Type,
                IsRequired = content.IsRequired,
            });
            foreach (var contentType in content.ContentTypes) endpoint.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = contentType });
        }
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
    }
}
