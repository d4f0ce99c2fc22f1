/* api.h - resource types and the api-versions that the deployment of a workspace names.
 *
 * A request's own api-version is arm's business; inside a template every resource has to say its
 * version itself. */
#ifndef AZML_ML_API_H
#define AZML_ML_API_H

#define AZML_API_ML       "2025-12-01"
#define AZML_API_STORAGE  "2025-08-01"
#define AZML_API_VAULT    "2026-02-01"
#define AZML_API_INSIGHTS "2020-02-02"
#define AZML_API_LOGS     "2025-07-01"

#define AZML_TYPE_WORKSPACE     "Microsoft.MachineLearningServices/workspaces"
#define AZML_TYPE_STORAGE       "Microsoft.Storage/storageAccounts"
#define AZML_TYPE_VAULT         "Microsoft.KeyVault/vaults"
#define AZML_TYPE_LOGS          "Microsoft.OperationalInsights/workspaces"
#define AZML_TYPE_INSIGHTS      "Microsoft.Insights/components"
#define AZML_TYPE_DETECTOR_RULE "Microsoft.AlertsManagement/smartDetectorAlertRules"
#define AZML_TYPE_ACTION_GROUP  "Microsoft.Insights/actionGroups"

#endif
